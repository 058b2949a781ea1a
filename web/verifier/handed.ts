// Pictures and texts that are pasted into the page or dropped on the element.
import { goesToField } from './typed.js';

export interface Taker {
  wants: { image(): boolean; text(): boolean };
  picture(file: Blob): void;
  text(text: string): unknown;
  /** Something is being dragged over it, or no longer. */
  over(is: boolean): void;
}

const pictureIn = (data: DataTransfer): File | undefined => [...data.files].find(({ type }) => type.startsWith('image/'));

// Whether there was something for us in it.
function take(data: DataTransfer | null, taker: Taker): boolean {
  if (!data) return false;
  const file = taker.wants.image() ? pictureIn(data) : undefined;
  if (file) {
    taker.picture(file);
    return true;
  }
  const text = taker.wants.text() ? data.getData('text/plain') : '';
  if (text) taker.text(text);
  return text !== '';
}

/** Until `signal`. */
export function watchHanded(host: HTMLElement, taker: Taker, signal: AbortSignal): void {
  document.addEventListener('paste', (event) => {
    if (event.defaultPrevented || goesToField(event)) return;
    if (take(event.clipboardData, taker)) event.preventDefault();
  }, { signal });
  const isForUs = ({ dataTransfer }: DragEvent) => {
    const types = dataTransfer?.types ?? [];
    return (taker.wants.image() && types.includes('Files')) || (taker.wants.text() && types.includes('text/plain'));
  };
  host.addEventListener('dragover', (event) => {
    if (!isForUs(event)) return;
    event.preventDefault();
    taker.over(true);
  }, { signal });
  for (const type of ['dragleave', 'dragend'] as const) host.addEventListener(type, () => taker.over(false), { signal });
  host.addEventListener('drop', (event) => {
    taker.over(false);
    if (!isForUs(event)) return;
    event.preventDefault(); // else the browser would go to the file
    take(event.dataTransfer, taker);
  }, { signal });
}
