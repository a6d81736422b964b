import type { CallEnd } from './call-view.ts';

/** The call is over for this device, so it cannot be answered, joined or changed any more. */
export class CallOverError extends Error {
  override readonly name = 'CallOverError';
  readonly reason: CallEnd;

  constructor(reason: CallEnd) {
    super(`The call is over (${reason}): start a new one.`);
    this.reason = reason;
  }
}
