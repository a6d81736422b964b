import { FRAME_MAX_BYTES } from '@secureconnect/contracts';
import type { DegradedMode } from '@secureconnect/degraded-mode';
import {
  ApiError,
  type Logger,
  OutageLog,
  type ServiceMetrics,
  type UpgradeOf,
} from '@secureconnect/service';
import { type CloseCode, closeCodes } from './close-codes.ts';
import { Connection } from './connection.ts';
import { type FrameLimitOptions, FrameLimits } from './frame-limits.ts';
import { Handshake } from './handshake.ts';
import { type GuardedSocket, type RevocationWatch, SessionGuard } from './session-guard.ts';
import { createSocketMetrics, type SocketMetrics } from './socket-metrics.ts';
import { type Lifecycle, SocketSession } from './socket-session.ts';

export interface SocketServerOptions {
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
  readonly mode?: DegradedMode;
  /** Ends sockets with their sessions. */
  readonly revocations: RevocationWatch;
  readonly limits: FrameLimitOptions;
  /** A larger frame closes its socket. Default 128 KiB. */
  readonly maxFrameBytes?: number;
  /** The maximum of unread bytes per client; more closes its socket. Default 1 MiB. */
  readonly maxQueuedBytes?: number;
  readonly maxSockets?: number;
  readonly maxSocketsPerUser?: number;
  /** The interval of pings to a client. Default 30,000. */
  readonly heartbeatMs?: number;
}

/** The request of an upgrade's handler, with any query. */
export type Upgrade<C> = Pick<
  UpgradeOf<'bearer', unknown, string, C>,
  | 'user'
  | 'incoming'
  | 'socket'
  | 'head'
  | 'messages'
  | 'isRevoked'
  | 'context'
  | 'log'
  | 'outcomes'
>;

interface Entry {
  readonly session: Pick<SocketSession<never>, 'connection' | 'ended' | 'beat'>;
  readonly guarded: GuardedSocket;
  /** The turn within a heartbeat in which it is pinged. */
  readonly turn: number;
}

/** The default options. */
export const defaults = {
  maxQueuedBytes: 1024 * 1024,
  maxSockets: 10_000,
  maxSocketsPerUser: 50,
  heartbeatMs: 30_000,
};
/** The number of turns of a heartbeat, which spread the pings of all sockets. */
const turns = 10;
const retryAfterSeconds = 5;

/** The sockets of one process. */
export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #handshake: Handshake;
  readonly #guard: SessionGuard;
  readonly #limits: FrameLimits;
  readonly #metrics: SocketMetrics;
  readonly #entries = new Set<Entry>();
  readonly #socketsByUser = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #outages: OutageLog;
  #opened = 0;
  #turn = 0;
  #closing = false;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'an effect of a socket failed',
      workedMessage: 'the effects of sockets succeed again',
    });
    this.#handshake = new Handshake(options.maxFrameBytes ?? FRAME_MAX_BYTES);
    this.#guard = new SessionGuard(options.revocations);
    this.#limits = new FrameLimits(options.limits);
    this.#metrics = createSocketMetrics(options.metrics);
    const heartbeatMs = options.heartbeatMs ?? defaults.heartbeatMs;
    this.#timer = setInterval(() => this.#beat(), heartbeatMs / turns);
    this.#timer.unref();
  }

  /** Opens a socket. Throws an ApiError, or the error of `lifecycle.opening`, if it is refused. */
  async accept<C>(request: Upgrade<C>, lifecycle: Lifecycle<C>): Promise<void> {
    const { user, messages, context, log, isRevoked } = request;
    this.#admit(user.userId);
    const maxQueuedBytes = this.#options.maxQueuedBytes ?? defaults.maxQueuedBytes;
    const connection = new Connection(user, maxQueuedBytes, this.#metrics);
    const guarded = { user, isRevoked, close: (code: CloseCode) => connection.close(code) };
    const mayGoOn = () => this.#guard.admits(guarded);
    const { mode } = this.#options;
    const session = new SocketSession<C>(
      { connection, messages, context, log, mode, limits: this.#limits, mayGoOn },
      lifecycle,
      this.#outages,
    );
    const entry = this.#enter(session, guarded);
    void session.ended.then(() => this.#remove(entry));
    try {
      await session.opening();
      session.serve(this.#handshake.complete(request), request.socket);
    } catch (error) {
      await session.end();
      throw error;
    }
  }

  /** Accepts no more sockets, closes all, and resolves when all their effects are done. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    this.#guard.stop();
    const sessions = [...this.#entries].map(({ session }) => session);
    for (const { connection } of sessions) connection.close(closeCodes.goingAway);
    await Promise.all(sessions.map(({ ended }) => ended));
  }

  #admit(userId: string): void {
    const { maxSockets = defaults.maxSockets } = this.#options;
    const { maxSocketsPerUser = defaults.maxSocketsPerUser } = this.#options;
    if (this.#closing || this.#entries.size >= maxSockets) {
      const message = 'This instance cannot open more sockets; retry.';
      throw new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
    }
    if ((this.#socketsByUser.get(userId) ?? 0) >= maxSocketsPerUser) {
      const message = `You have the maximum of ${maxSocketsPerUser} open sockets; close one first.`;
      throw new ApiError('RATE_LIMITED', message, { retryAfterSeconds });
    }
  }

  #enter<C>(session: SocketSession<C>, guarded: GuardedSocket): Entry {
    this.#opened += 1;
    const entry = { session, guarded, turn: this.#opened % turns };
    const { userId } = session.connection;
    this.#entries.add(entry);
    this.#guard.add(guarded);
    this.#socketsByUser.set(userId, (this.#socketsByUser.get(userId) ?? 0) + 1);
    return entry;
  }

  #remove(entry: Entry): void {
    const { userId } = entry.session.connection;
    const left = (this.#socketsByUser.get(userId) ?? 1) - 1;
    this.#entries.delete(entry);
    this.#guard.remove(entry.guarded);
    if (left === 0) this.#socketsByUser.delete(userId);
    else this.#socketsByUser.set(userId, left);
  }

  #beat(): void {
    this.#turn = (this.#turn + 1) % turns;
    if (this.#turn === 0) this.#limits.sweep();
    for (const entry of this.#entries) {
      if (entry.turn !== this.#turn) continue;
      entry.session.beat();
    }
  }
}
