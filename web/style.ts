// The element's style, as a constructable stylesheet: a strict content security policy allows no inline style.

const text = `
:host {
  display: block;
  max-inline-size: var(--e-license-max-width, 70rem);
}
:host([hidden]), [hidden] { display: none; }
.frame {
  position: relative;
  block-size: 100%;
  color: var(--e-license-ink, #10302a);
  font: 1rem/1.5 var(--e-license-font, system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif);
}
/* As high as the host where that has a height of its own, else without any. */
.probe { float: inline-start; inline-size: 0; block-size: 100%; }
.stage {
  position: relative;
  margin-inline: auto;
  overflow: hidden;
  border-radius: var(--e-license-radius, 0);
  touch-action: pan-y pinch-zoom;
  -webkit-tap-highlight-color: transparent;
}
canvas { display: block; inline-size: 100%; block-size: 100%; }
.blank { background: var(--e-license-ground, #eef3f1); }
.blank > canvas { visibility: hidden; }
.blank > .controls { pointer-events: none; }
.control {
  position: absolute;
  margin: 0;
  padding: 0;
  border: 0;
  border-radius: 6px;
  background: none;
  cursor: pointer;
  touch-action: inherit;
  -webkit-user-select: none;
  user-select: none;
}
:focus-visible { outline: 3px solid var(--e-license-focus, #0b6e5f); outline-offset: -3px; }
.plain {
  display: grid;
  place-content: center;
  justify-items: center;
  gap: 1rem;
  min-block-size: min(28rem, 80vb);
  padding: 1.5rem;
  box-sizing: border-box;
  background: var(--e-license-ground, #eef3f1);
  border-radius: var(--e-license-radius, 0);
  text-align: center;
}
.plain p { margin: 0; max-inline-size: 28rem; }
.plain button {
  font: inherit;
  color: inherit;
  padding: .5rem 1.5rem;
  border: 1px solid currentColor;
  border-radius: .5rem;
  background: none;
  cursor: pointer;
}
.said {
  position: absolute;
  inset: 0 auto auto 0;
  inline-size: 1px;
  block-size: 1px;
  margin: 0;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media print { canvas { visibility: hidden; } }
`;

// A sheet belongs to the document that it was made in.
const sheets = new WeakMap<Document, CSSStyleSheet>();

/** `style`: the same for all elements of a kind. */
export function applyStyle(root: ShadowRoot, style = text): void {
  const owner = root.ownerDocument;
  let sheet = sheets.get(owner);
  if (!sheet) {
    sheet = new (owner.defaultView ?? window).CSSStyleSheet();
    sheet.replaceSync(style);
    sheets.set(owner, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}
