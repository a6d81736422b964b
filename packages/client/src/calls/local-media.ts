import { MediaError, mediaErrorOf } from './media-error.ts';
import type { Device, Devices, Media, MediaTrack } from './platform.ts';

/** Ids of devices, as in `Device`. Default: those of the browser. */
export interface DeviceChoice {
  readonly microphone?: string;
  readonly camera?: string;
}

export interface MediaOptions {
  /**
   * What is sent: a stream of the app, which stays the app's; or what is opened for the call, and
   * closed with it. `none`: nothing is sent until `setMicrophone` or `setCamera`. Default: microphone,
   * and with a video call the camera; `none` where there are no devices at all.
   */
  readonly media?: Media | 'audio' | 'video' | 'none';
  readonly devices?: DeviceChoice;
}

type Kind = 'audio' | 'video';

/** A track that peers are sent; null for a place whose track is off for now. */
export interface Sending {
  readonly place: string;
  readonly track: MediaTrack | null;
  readonly stream: Media;
}

/** Microphone, camera and screen of this device in one call. */
export class LocalMedia {
  /** @internal Called when what is sent has changed. */
  onChange: () => void = () => undefined;
  readonly #devices: Devices | undefined;
  readonly #choice: { microphone?: string; camera?: string };
  readonly #isOfApp: boolean;
  #stream: Media | undefined;
  #screen: Media | undefined;
  #isClosed = false;

  private constructor(
    devices: Devices | undefined,
    options: MediaOptions,
    stream: Media | undefined,
  ) {
    this.#devices = devices;
    this.#choice = { ...options.devices };
    this.#isOfApp = typeof options.media === 'object';
    this.#stream = stream;
    for (const track of stream?.getTracks() ?? []) this.#heedEnd(track);
  }

  /**
   * @param type of the call, which says what is opened where the options do not
   * @throws MediaError where a device cannot be used
   */
  static async open(
    devices: Devices | undefined,
    type: 'audio' | 'video',
    options: MediaOptions,
  ): Promise<LocalMedia> {
    const media = options.media ?? (devices === undefined ? 'none' : type);
    if (typeof media === 'object') return new LocalMedia(devices, options, media);
    if (media === 'none') return new LocalMedia(devices, options, undefined);
    const { microphone, camera } = options.devices ?? {};
    const video = media === 'video' && constraint(camera);
    const stream = await capture(devices, { audio: constraint(microphone), video });
    return new LocalMedia(devices, options, stream);
  }

  /** Microphone and camera, to be shown to their user without sound. */
  get stream(): Media | undefined {
    return this.#stream;
  }

  /** The screen that is shared. */
  get screen(): Media | undefined {
    return this.#screen;
  }

  get isMicrophoneOn(): boolean {
    return this.#isOn('audio');
  }

  get isCameraOn(): boolean {
    return this.#isOn('video');
  }

  /** Those that there are; they have names once the user has allowed one. */
  async list(): Promise<Device[]> {
    return (await this.#devices?.enumerateDevices()) ?? [];
  }

  /** @throws MediaError where there is none, or it cannot be used */
  setMicrophone(isOn: boolean): Promise<void> {
    return this.#set('audio', isOn);
  }

  /** Off, the camera is closed, and its light is out. @throws MediaError */
  setCamera(isOn: boolean): Promise<void> {
    return this.#set('video', isOn);
  }

  /** Goes on with different devices; what is off stays off. @throws MediaError */
  async use(choice: DeviceChoice): Promise<void> {
    Object.assign(this.#choice, choice);
    if (choice.microphone !== undefined && this.#track('audio') !== undefined)
      await this.#replace('audio');
    if (choice.camera !== undefined && this.#track('video') !== undefined)
      await this.#replace('video');
  }

  /** Lets the user choose a screen or a window, and sends it. @throws MediaError */
  async shareScreen(): Promise<Media> {
    const devices = this.#devices;
    if (devices === undefined) throw new MediaError('unsupported');
    let screen: Media;
    try {
      screen = await devices.getDisplayMedia({ video: true, audio: true });
    } catch (cause) {
      throw mediaErrorOf(cause);
    }
    this.stopScreen();
    if (this.#isClosed) stop(screen);
    else this.#screen = screen;
    // Browsers have a button of their own that ends it.
    for (const track of screen.getTracks()) track.onended = () => this.stopScreen();
    this.onChange();
    return screen;
  }

  stopScreen(): void {
    if (this.#screen === undefined) return;
    stop(this.#screen);
    this.#screen = undefined;
    this.onChange();
  }

  /** What peers are sent now. */
  get sendings(): readonly Sending[] {
    return [
      ...(this.#stream === undefined ? [] : this.#own(this.#stream)),
      ...(this.#screen === undefined ? [] : sendingsOf(this.#screen, 'screen ')),
    ];
  }

  close(): void {
    this.#isClosed = true;
    if (this.#stream !== undefined && !this.#isOfApp) stop(this.#stream);
    if (this.#screen !== undefined) stop(this.#screen);
    this.#screen = undefined;
  }

  /** A camera that is off keeps its place, so that no negotiation is needed when it is on again. */
  #own(stream: Media): Sending[] {
    const live = sendingsOf(stream, '');
    const off = (['audio', 'video'] as const).filter(
      (kind) => !live.some(({ place }) => place === kind),
    );
    return [...live, ...off.map((place) => ({ place, track: null, stream }))];
  }

  #track(kind: Kind): MediaTrack | undefined {
    return this.#stream?.getTracks().find((track) => track.kind === kind);
  }

  #isOn(kind: Kind): boolean {
    return this.#track(kind)?.enabled === true;
  }

  async #set(kind: Kind, isOn: boolean): Promise<void> {
    const track = this.#track(kind);
    if (track === undefined) {
      if (isOn) await this.#replace(kind);
    } else if (!isOn && kind === 'video' && !this.#isOfApp) {
      this.#remove(track);
    } else {
      track.enabled = isOn;
    }
    this.onChange();
  }

  async #replace(kind: Kind): Promise<void> {
    const { microphone, camera } = this.#choice;
    const id = kind === 'audio' ? microphone : camera;
    const captured = await capture(this.#devices, { [kind]: constraint(id) });
    if (this.#isClosed) return stop(captured);
    const before = this.#track(kind);
    if (before !== undefined) this.#remove(before);
    for (const track of captured.getTracks()) {
      if (before !== undefined) track.enabled = before.enabled;
      this.#heedEnd(track);
      if (this.#stream === undefined) this.#stream = captured;
      else this.#stream.addTrack(track);
    }
    this.onChange();
  }

  #remove(track: MediaTrack): void {
    track.onended = null;
    track.stop();
    this.#stream?.removeTrack(track);
  }

  /** Its device was disconnected. */
  #heedEnd(track: MediaTrack): void {
    track.onended = () => {
      this.#stream?.removeTrack(track);
      this.onChange();
    };
  }
}

const constraint = (deviceId: string | undefined) =>
  deviceId === undefined ? true : { deviceId: { exact: deviceId } };

async function capture(
  devices: Devices | undefined,
  wanted: { readonly audio?: object | boolean; readonly video?: object | boolean },
): Promise<Media> {
  if (devices === undefined) throw new MediaError('unsupported');
  try {
    return await devices.getUserMedia(wanted);
  } catch (cause) {
    throw mediaErrorOf(cause);
  }
}

function sendingsOf(stream: Media, prefix: string): Sending[] {
  return stream.getTracks().map((track) => ({ place: prefix + track.kind, track, stream }));
}

function stop(stream: Media): void {
  for (const track of stream.getTracks()) track.stop();
}
