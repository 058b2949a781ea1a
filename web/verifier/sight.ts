// Whether somebody can see the element: nothing looks through a camera otherwise.

const enough = 0.2; // of it

/** Until `signal`; the first word comes when the browser has looked. */
export function watchSight(element: Element, report: (seen: boolean) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  let inView = false;
  let gone = false;
  let last: boolean | null = null;
  const look = () => {
    const seen = inView && !gone && document.visibilityState === 'visible';
    if (seen === last || signal.aborted) return;
    last = seen;
    report(seen);
  };
  document.addEventListener('visibilitychange', look, { signal });
  const on = (type: string, now: boolean) => window.addEventListener(type, () => { gone = now; look(); }, { signal });
  on('pagehide', true);
  on('pageshow', false);
  const observer = new IntersectionObserver((entries) => {
    inView = (entries[entries.length - 1]?.intersectionRatio ?? 0) >= enough;
    look();
  }, { threshold: [0, enough] });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}
