// The camera: opened when asked for, closed whole. Prefers the one at the back; torch and zoom where it offers them.

export type CameraTrouble = 'denied' | 'none' | 'busy' | 'insecure' | 'failed';

export interface CameraChoice { id: string; label: string }
export interface ZoomRange { min: number; max: number; step: number; value: number }

// What browsers offer beyond TypeScript's library.
interface Capabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step?: number };
  focusMode?: string[];
}
type Wish = MediaTrackConstraintSet & { torch?: boolean; zoom?: number; focusMode?: string };

const troubles: Record<string, CameraTrouble> = {
  NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy', AbortError: 'busy',
};

/** Whether it may be opened without a question to the person. */
export async function isCameraAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state === 'granted';
  } catch {
    return false; // not every browser tells
  }
}

export class Camera {
  readonly #video: HTMLVideoElement;
  readonly #ended: () => void;
  #stream: MediaStream | null = null;
  #opening = 0;

  /** `ended`: it was taken away, unplugged or forbidden. */
  constructor(video: HTMLVideoElement, ended: () => void) {
    this.#video = video;
    this.#ended = ended;
    Object.assign(video, { muted: true, playsInline: true, disablePictureInPicture: true, disableRemotePlayback: true });
  }

  get isOpen(): boolean { return this.#stream !== null; }

  /** null: opened, or closed again meanwhile. */
  async open(id: string | null): Promise<CameraTrouble | null> {
    this.close();
    const opening = ++this.#opening;
    if (!navigator.mediaDevices?.getUserMedia) return 'insecure';
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { ...size, ...(id ? { deviceId: { exact: id } } : { facingMode: { ideal: 'environment' } }) },
      });
    } catch (error) {
      if (opening !== this.#opening) return null;
      const trouble = troubles[(error as DOMException).name] ?? 'failed';
      return trouble === 'none' && id ? this.open(null) : trouble; // that one is not there any more
    }
    if (opening !== this.#opening) {
      for (const track of stream.getTracks()) track.stop();
      return null;
    }
    this.#stream = stream;
    this.#track?.addEventListener('ended', () => { if (this.#stream === stream) this.#ended(); });
    if (this.#capabilities.focusMode?.includes('continuous')) void this.#wish({ focusMode: 'continuous' });
    this.#video.srcObject = stream;
    await this.#video.play().catch(() => {}); // by its attribute then
    return null;
  }

  close(): void {
    ++this.#opening;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** Its picture is shown as in a mirror, except for a camera that looks away from the person. */
  get isMirrored(): boolean {
    const facing = this.#track?.getSettings().facingMode;
    return facing ? facing === 'user' : !/back|rear|environment|后|背/i.test(this.#track?.label ?? '');
  }

  get id(): string | null { return this.#track?.getSettings().deviceId ?? null; }

  async choices(): Promise<CameraChoice[]> {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    return devices.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId).map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  get hasTorch(): boolean { return this.#capabilities.torch === true; }
  /** Whether it worked. */
  setTorch(on: boolean): Promise<boolean> { return this.#wish({ torch: on }); }

  get zoom(): ZoomRange | null {
    const range = this.#capabilities.zoom;
    if (!range || !(range.max > range.min)) return null;
    const { zoom } = (this.#track?.getSettings() ?? {}) as { zoom?: number };
    return { min: range.min, max: range.max, step: range.step || 0.1, value: zoom ?? range.min };
  }
  setZoom(value: number): Promise<boolean> { return this.#wish({ zoom: value }); }

  get #track(): MediaStreamTrack | undefined { return this.#stream?.getVideoTracks()[0]; }
  get #capabilities(): Capabilities { return this.#track?.getCapabilities?.() ?? {}; }

  async #wish(wish: Wish): Promise<boolean> {
    try {
      await this.#track?.applyConstraints({ advanced: [wish] });
      return true;
    } catch {
      return false;
    }
  }
}
