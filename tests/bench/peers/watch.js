// When the first code stands on the screen: in the frame after it was drawn. The viewer lays a button over its code, the
// plain page shows its canvas.
const codeOf = () => document.querySelector('canvas:not([hidden])')
  ?? document.querySelector('e-license')?.shadowRoot?.querySelector('[part~="enlarge"]');

function look() {
  if (!codeOf()) return requestAnimationFrame(look);
  return requestAnimationFrame(() => { window.firstCode = performance.now(); });
}
look();
