// A handheld scanner types what it reads, fast, and then Enter. Taken only when nobody could be typing: never in a field.

const gap = 100; // ms from one character to the next
const sure = 4; // characters in such a row are no person's
const longest = 4400;

const isField = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Whether the event goes to a field, in whatever shadow tree. */
export const goesToField = (event: Event): boolean => isField(event.composedPath()[0]);

/** Whole texts, until `signal`. `take` says whether it was one of ours. */
export function watchTyping(take: (text: string) => boolean, signal: AbortSignal): void {
  let text = '';
  let last = -Infinity;
  window.addEventListener('keydown', (event) => {
    const { key, timeStamp } = event;
    if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || goesToField(event)) {
      text = '';
      return;
    }
    if (key === 'Shift' || key === 'CapsLock') return;
    if (timeStamp - last > gap) text = '';
    last = timeStamp;
    if (key === 'Enter') {
      const whole = text;
      text = '';
      // Else it would press the button that has the focus.
      if (whole.length >= sure && take(whole)) event.preventDefault();
    } else if (key.length === 1 && text.length < longest) {
      text += key;
      if (text.length >= sure) event.preventDefault();
    } else {
      text = '';
    }
  }, { signal });
}
