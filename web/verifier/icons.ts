// Drawn signs, 24 by 24, in the colour of the text around them. Never the only carrier of a meaning.

const paths = {
  usable: 'M5.5 12.8l4.3 4.3 8.7-9.6',
  refused: 'M7 7l10 10M17 7L7 17',
  noted: 'M12 5.5v8M12 17.9v.2',
  camera: 'M4 8.5h3.2L9 6h6l1.8 2.5H20v10H4zM12 16.4a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z',
  stop: 'M7 7l10 10M17 7L7 17',
  other: 'M4.5 12a7.5 7.5 0 0 1 12.9-5.2L19.5 9M19.5 4.5V9H15M19.5 12a7.5 7.5 0 0 1-12.9 5.2L4.5 15M4.5 19.5V15H9',
  torch: 'M9 3h6v4l-1.5 2.5V21h-3V9.5L9 7zM12 12.5v2',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.6v.1',
  text: 'M5 6h14M5 10.5h14M5 15h9M5 19.5h6',
  tap: 'M9.5 12.5V5.6a1.6 1.6 0 0 1 3.2 0v5l4.9 1.2c1 .3 1.6 1.1 1.5 2.1l-.6 6.6h-7.3l-4.8-5.2c-.7-.8-.6-1.9.2-2.4.8-.6 1.7-.4 2.3.2z',
  sound: 'M4.5 9.5h3.2L12 6v12l-4.3-3.5H4.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  vibration: 'M8.5 4.5h7v15h-7zM5.5 8v8M2.8 10v4M18.5 8v8M21.2 10v4',
  face: 'M12 12.5a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM4.5 21c.5-4.4 3.6-6.6 7.5-6.6s7 2.2 7.5 6.6',
  off: 'M4 4l16 16',
} as const;

export type IconName = keyof typeof paths;

const svg = 'http://www.w3.org/2000/svg';

export function icon(name: IconName): SVGSVGElement {
  const drawn = document.createElementNS(svg, 'svg');
  drawn.setAttribute('class', `icon icon-${name}`);
  drawn.setAttribute('viewBox', '0 0 24 24');
  drawn.setAttribute('aria-hidden', 'true');
  drawn.setAttribute('focusable', 'false');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', paths[name]);
  drawn.append(path);
  return drawn;
}
