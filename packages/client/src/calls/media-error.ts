export type MediaErrorCode = 'denied' | 'not_found' | 'in_use' | 'unsupported' | 'failed';

const messages: Readonly<Record<MediaErrorCode, string>> = {
  denied: 'The browser may not use it: allow it in the settings of the page, then try again.',
  not_found: 'There is no such device: connect one, or go on without it.',
  in_use: 'A different program uses the device: close that, then try again.',
  unsupported: 'There are no devices here: use a current browser, and HTTPS.',
  failed: 'The device does not work: try a different one.',
};

/** Microphone, camera or screen cannot be used. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, options?: ErrorOptions) {
    super(messages[code], options);
    this.code = code;
  }
}

const codes: Readonly<Record<string, MediaErrorCode>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'not_found',
  OverconstrainedError: 'not_found',
  NotReadableError: 'in_use',
  TypeError: 'unsupported',
};

/** What `getUserMedia` and `getDisplayMedia` have thrown, by what a user can do about it. */
export function mediaErrorOf(cause: unknown): MediaError {
  const name = cause instanceof Error ? cause.name : '';
  return new MediaError(codes[name] ?? 'failed', { cause });
}
