/** Whether a branch is among those that a ruleset's conditions name: `~ALL`, `~DEFAULT_BRANCH` or `refs/heads/…`. */
export function rulesetApplies(
  conditions: { readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] } },
  branch: string,
  defaultBranch: string,
): boolean {
  const { include, exclude } = conditions.ref_name;
  const matches = (pattern: string) =>
    pattern === '~ALL' ||
    (pattern === '~DEFAULT_BRANCH' && branch === defaultBranch) ||
    matchesPattern(pattern, `refs/heads/${branch}`);
  return include.some(matches) && !exclude.some(matches);
}

/** `*` stands for anything but a slash, `**` for anything, `?` for one character. */
function matchesPattern(pattern: string, ref: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (wildcard) => (wildcard.startsWith('**') ? '.*' : wildcard === '*' ? '[^/]*' : '[^/]'));
  return new RegExp(`^${expression}$`).test(ref);
}
