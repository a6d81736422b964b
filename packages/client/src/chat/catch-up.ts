import { RefusedError } from '../http/errors.ts';
import type { Requester, TokenSource } from '../http/request.ts';
import type { LiveSocket } from '../sockets/live-socket.ts';
import { backOffMs } from '../support/back-off.ts';
import { pause } from '../support/delay.ts';
import type { Feed } from './feed.ts';
import type { ServerFrame } from './frames.ts';
import type { Position } from './position.ts';
import { timeUuidAt } from './time-uuid.ts';

export interface CatchUpOptions {
  readonly socket: LiveSocket<ServerFrame>;
  readonly position: Position;
  readonly feed: Feed;
  readonly requester: Requester;
  readonly tokens: TokenSource;
  readonly signal: AbortSignal;
}

const bounds = { firstMs: 1000, maxMs: 15_000 };

/**
 * Reads over a new socket what has happened since the position. If the socket is lost meanwhile, the
 * next one begins again from the same position.
 * @returns whether everything came; false where the server does not have all of it
 * @throws LostReplyError where the socket is lost
 */
export async function catchUp(options: CatchUpOptions): Promise<boolean> {
  const { feed, position, signal, socket } = options;
  for (let failures = 1; ; failures += 1) {
    const after = position.cursor ?? (await startOf(options));
    try {
      const answer = await socket.ask({ type: 'resume', data: { after } });
      if (answer.type !== 'resumed') throw new Error(`expected "resumed", not "${answer.type}"`);
      if (position.cursor === undefined) position.moveTo(after);
      feed.endResuming();
      return answer.data.complete;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // A position that the server does not take is of no use later either.
      if (error.code === 'VALIDATION_ERROR') return beginAnew(options);
      await pause(backOffMs(failures, bounds), signal);
    }
  }
}

async function beginAnew(options: CatchUpOptions): Promise<false> {
  options.position.moveTo(await startOf(options));
  options.feed.endResuming();
  return false;
}

/** Now, by the clock of the server: that of a device may be wrong. */
async function startOf({ requester, signal, tokens }: CatchUpOptions): Promise<string> {
  await requester.send('GET /v1/users/me', {}, tokens, { signal });
  return timeUuidAt(requester.serverNowMs ?? Date.now());
}
