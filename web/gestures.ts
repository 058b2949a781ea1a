// Keys and sideways drags. Scrolling and pinching stay the browser's.
import type { ControlName, PageName, ViewEvent } from './messages.js';

const slack = 8; // CSS pixels before a press becomes a drag

export interface GestureTarget {
  send(event: ViewEvent): void;
  has(control: ControlName): boolean;
}

export function watchGestures(root: ShadowRoot, box: HTMLElement, target: GestureTarget, signal: AbortSignal): void {
  watchKeys(root.host, target, signal);
  watchDrags(box, target, signal);
}

function watchKeys(host: Element, target: GestureTarget, signal: AbortSignal): void {
  const turn = (page: PageName) => () => target.send({ event: 'page', page });
  const use = (control: ControlName) => () => {
    if (target.has(control)) target.send({ event: 'control', control });
  };
  const actions: Record<string, (() => void) | undefined> = {
    ArrowLeft: turn('front'),
    ArrowRight: turn('endorsement'),
    Enter: use('enlarge'),
    Escape: use('close'),
    Backspace: use('clear'),
  };
  host.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    const from = event.composedPath()[0];
    // What the host has put into a slot has its own keys; a button that has the focus is pressed by Enter itself.
    if (from instanceof Node && from !== host && from.getRootNode() !== host.shadowRoot) return;
    if (event.key === 'Enter' && from instanceof HTMLButtonElement) return;
    const digit = /^[0-9]$/.test(event.key) && target.has(`digit-${Number(event.key)}`);
    const action = digit ? use(`digit-${Number(event.key)}`) : actions[event.key];
    if (!action || (event.key === 'Escape' && !target.has('close')) || (event.key === 'Backspace' && !target.has('clear'))) return;
    event.preventDefault();
    action();
  }, { signal });
}

function watchDrags(box: HTMLElement, target: GestureTarget, signal: AbortSignal): void {
  let pointer: number | null = null;
  let dragging = false;
  let start = { x: 0, y: 0 };
  const options = { signal };
  const send = (phase: 'begin' | 'move' | 'end' | 'cancel', x: number) =>
    target.send({ event: 'drag', phase, x: x - box.getBoundingClientRect().left });
  const finish = (phase: 'end' | 'cancel') => (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (dragging) send(phase, event.clientX);
  };

  box.addEventListener('pointerdown', (event) => {
    if (pointer !== null || !event.isPrimary || event.button !== 0) return;
    pointer = event.pointerId;
    dragging = false;
    start = { x: event.clientX, y: event.clientY };
  }, options);
  box.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return;
    const across = Math.abs(event.clientX - start.x);
    if (!dragging) {
      if (across < slack || across < Math.abs(event.clientY - start.y)) return;
      dragging = true;
      box.setPointerCapture(pointer);
      send('begin', start.x);
    }
    send('move', event.clientX);
  }, options);
  box.addEventListener('pointerup', finish('end'), options);
  box.addEventListener('pointercancel', finish('cancel'), options);
  box.addEventListener('lostpointercapture', finish('cancel'), options);
  // The release of a drag over a button is no press of it.
  box.addEventListener('click', (event) => {
    if (dragging && event.detail > 0) event.stopPropagation(); // 0: by keyboard
    dragging = false;
  }, { capture: true, signal });
}
