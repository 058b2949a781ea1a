// The content as text for screen readers. Changes nothing that says the same as before, so that a reader keeps its place.
import type { Mirror } from './messages.js';

export function element<K extends keyof HTMLElementTagNameMap>(name: K, className = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}

export function say(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

// As many children as there are items; `fill` writes one item into its child.
function match<T>(parent: Element, items: T[], make: () => Element, fill: (child: Element, item: T) => void): void {
  while (parent.children.length > items.length) parent.lastElementChild?.remove();
  items.forEach((item, index) => fill(parent.children[index] ?? parent.appendChild(make()), item));
}

function make(name: 'section' | 'div', ...parts: (keyof HTMLElementTagNameMap)[]): () => Element {
  return () => {
    const made = element(name);
    made.append(...parts.map((part) => element(part)));
    return made;
  };
}

/** Into `[heading, sections]` of a `makeMirror()`, and the status into `status`. */
export function writeMirror(root: HTMLElement, status: HTMLElement, mirror: Mirror): void {
  const [heading, sections] = root.children;
  if (!heading || !sections) return;
  status.lang = root.lang = mirror.language;
  root.hidden = !mirror.heading;
  say(heading, mirror.heading);
  match(sections, mirror.sections, make('section', 'h3', 'dl'), (section, item) => {
    const [title, list] = section.children;
    if (!title || !list) return;
    say(title, item.heading);
    match(list, item.rows, make('div', 'dt', 'dd'), (row, { label, value }) => {
      const [term, description] = row.children;
      if (term) say(term, label);
      if (description) say(description, value);
    });
  });
  say(status, mirror.status);
}

export function makeMirror(): HTMLElement {
  const root = element('div', 'said');
  root.append(element('h2'), element('div'));
  root.hidden = true;
  return root;
}
