import { ServerError } from 'livekit-server-sdk';

/**
 * A request to the LiveKit server that failed. It has a code alone: the messages of LiveKit and its
 * library contain whole tokens.
 */
export class SfuFailure extends Error {
  override readonly name = 'SfuFailure';
  readonly code: string;

  constructor(code: string) {
    super(`the request to the LiveKit server failed: ${code}`);
    this.code = code;
  }
}

/** What may be told of an error of livekit-server-sdk. */
export function sfuFailure(error: unknown): SfuFailure {
  if (error instanceof ServerError) return new SfuFailure(`HTTP_${error.status}`);
  if (!(error instanceof Error)) return new SfuFailure('UNKNOWN');
  if (error.name === 'TimeoutError') return new SfuFailure('TIMEOUT');
  // fetch says why in the cause of its TypeError.
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new SfuFailure(/^[A-Z0-9_]{2,32}$/.test(code) ? code : error.name);
}

/** Whether LiveKit says that the room or the participant is not there; other servers have 404 too. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ServerError && error.code === 'not_found';
}
