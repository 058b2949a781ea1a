// Whether the element is on screen, in front and not being printed. Whoever asks hears of it within the browser's own
// event, so that a picture of the content can be taken away before the browser keeps one.

export interface Attention {
  shown(): void;
  hidden(): void;
  /** Resumed from freeze or from the back/forward cache; before shown(). */
  disturbed(): void;
}

const nearby = '64px'; // drawn a little before it scrolls into view

/** Until `signal`. The first word comes when the browser has looked where the element is. */
export function watchAttention(element: Element, attention: Attention, signal: AbortSignal): void {
  if (signal.aborted) return;
  let shown = false;
  let inView = false;
  let blurred = false;
  let asleep = false;
  let printing = false;

  const look = () => {
    const now = inView && !blurred && !asleep && !printing && document.visibilityState === 'visible';
    if (now === shown || signal.aborted) return;
    shown = now;
    if (shown) attention.shown();
    else attention.hidden();
  };
  const on = (target: EventTarget, type: string, change: (event: Event) => void) =>
    target.addEventListener(type, (event) => { change(event); look(); }, { signal });
  const wake = () => {
    if (!asleep) return;
    asleep = false;
    attention.disturbed();
  };

  on(document, 'visibilitychange', () => {});
  on(document, 'freeze', () => { asleep = true; });
  on(document, 'resume', wake);
  on(window, 'pagehide', () => { asleep = true; });
  on(window, 'pageshow', wake);
  on(window, 'beforeprint', () => { printing = true; });
  on(window, 'afterprint', () => { printing = false; });
  on(window, 'focus', () => { blurred = false; });
  on(window, 'blur', () => {
    // Focus that goes into a frame of this page leaves the document focused: then it is in front as before. Some
    // browsers know only after the event.
    blurred = !document.hasFocus();
    if (blurred) setTimeout(() => { if (document.hasFocus()) { blurred = false; look(); } });
  });

  const observer = new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1]?.isIntersecting ?? false;
    look();
  }, { rootMargin: nearby });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}
