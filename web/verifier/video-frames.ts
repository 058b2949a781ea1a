// Looks for codes in a video's frames, one frame at a time: the middle as it is, then the whole made smaller, then both
// again with more patience.
import { Cutter, type Box } from './pictures.js';
import type { Reader } from './reader.js';

const passes = [
  { middle: true, harder: false },
  { middle: false, harder: false },
  { middle: true, harder: true },
  { middle: false, harder: true },
] as const;
const most = { worker: 1280, page: 720 }; // pixels each way
const shortest = 50; // ms from one frame to the next

function boxOf({ videoWidth, videoHeight }: HTMLVideoElement, middle: boolean): Box {
  const side = Math.min(videoWidth, videoHeight);
  if (!middle) return { x: 0, y: 0, width: videoWidth, height: videoHeight };
  return { x: (videoWidth - side) / 2, y: (videoHeight - side) / 2, width: side, height: side };
}

function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, time);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const byVideo = 'requestVideoFrameCallback' in video;
    const request = byVideo ? video.requestVideoFrameCallback(done) : requestAnimationFrame(done);
    function done(): void {
      if (byVideo) video.cancelVideoFrameCallback(request);
      else cancelAnimationFrame(request);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Until `signal`. Throws when there is no way to read. */
export async function watchFrames(
  video: HTMLVideoElement, reader: Reader, found: (texts: string[]) => void, signal: AbortSignal,
): Promise<void> {
  const cutter = new Cutter();
  for (let turn = 0; ; ++turn) {
    await nextFrame(video, signal);
    if (signal.aborted) return;
    const begin = performance.now();
    const { middle, harder } = passes[turn % passes.length] ?? passes[0];
    const pixels = cutter.cut(video, boxOf(video, middle), reader.inPage ? most.page : most.worker);
    if (pixels) {
      const texts = await reader.read(pixels, harder);
      if (signal.aborted) return;
      found(texts);
    }
    const spent = performance.now() - begin;
    // The page has to stay usable where reading takes its own time.
    await pause(reader.inPage ? Math.max(shortest, 3 * spent) : shortest - spent, signal);
  }
}
