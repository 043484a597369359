/** A page: fills `root`. `go` leads to another path of the site. */
export interface PageContext {
  readonly root: HTMLElement;
  readonly go: (path: string) => void;
}

/** An element with text and children; text is never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
