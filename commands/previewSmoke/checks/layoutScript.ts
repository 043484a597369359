/**
 * Runs in the page: where its parts are, and of what kind. Numbers and four words are all that leaves the page, so no
 * text, image or colour of it can be in the picture that is drawn from them. Text, as the page's own types are not ours.
 */
export const layoutScript = `(() => {
  const boxes = [];
  const add = (kind, { left, top, width, height }) => {
    if (width >= 1 && height >= 1 && boxes.length < 5000) boxes.push({ kind, left, top, width, height });
  };
  const images = new Set(['IMG', 'SVG', 'CANVAS', 'VIDEO', 'IFRAME', 'OBJECT', 'EMBED', 'METER', 'PROGRESS']);
  const controls = new Set(['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON']);
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim() === '') return;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) add('text', line);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return;
    const place = node.getBoundingClientRect();
    const name = node.tagName.toUpperCase();
    if (images.has(name)) return add('image', place);
    if (controls.has(name)) add('control', place);
    else if (style.backgroundColor !== 'rgba(0, 0, 0, 0)' || style.borderTopWidth !== '0px') add('area', place);
    for (const child of node.shadowRoot?.childNodes ?? []) visit(child);
    for (const child of node.childNodes) visit(child);
  };
  visit(document.documentElement);
  return boxes;
})()`;
