import { FRAME_MAX_BYTES } from '@secureconnect/contracts';
import type { DegradedMode } from '@secureconnect/degraded-mode';
import {
  ApiError,
  type Logger,
  OutageLog,
  type ServiceMetrics,
  type UpgradeOf,
} from '@secureconnect/service';
import { closeCodes } from './close-codes.ts';
import { Connection } from './connection.ts';
import { type FrameLimitOptions, FrameLimits } from './frame-limits.ts';
import { Handshake } from './handshake.ts';
import { OpenSocket, type SharedBySockets } from './open-socket.ts';
import { type RevocationWatch, SessionGuard } from './session-guard.ts';
import { createSocketMetrics, type SocketMetrics } from './socket-metrics.ts';
import {
  type EffectsOf,
  type EnteredSession,
  type SessionOwner,
  SocketSession,
} from './socket-session.ts';

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
  | 'requestId'
  | 'outcomes'
>;

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
export class SocketServer implements SessionOwner {
  readonly outages: OutageLog;
  readonly #options: SocketServerOptions;
  readonly #handshake: Handshake;
  readonly #guard: SessionGuard;
  readonly #limits: FrameLimits;
  readonly #shared: SharedBySockets;
  readonly #metrics: SocketMetrics;
  /** Each with the turn within a heartbeat in which it is pinged. */
  readonly #sessions = new Map<EnteredSession, number>();
  readonly #socketsByUser = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  /** Resolves when the last session has ended after `close`. */
  readonly #allEnded = Promise.withResolvers<void>();
  #opened = 0;
  #turn = 0;
  #closing = false;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'an effect of a socket failed',
      workedMessage: 'the effects of sockets succeed again',
    });
    this.#handshake = new Handshake(options.maxFrameBytes ?? FRAME_MAX_BYTES);
    this.#guard = new SessionGuard(options.revocations);
    this.#limits = new FrameLimits(options.limits);
    const { log, mode } = options;
    this.#shared = { log, mode, limits: this.#limits, guard: this.#guard };
    this.#metrics = createSocketMetrics(options.metrics);
    const heartbeatMs = options.heartbeatMs ?? defaults.heartbeatMs;
    this.#timer = setInterval(() => this.#beat(), heartbeatMs / turns);
    this.#timer.unref();
  }

  /** Opens a socket. Throws an ApiError, or the error of the effect `opening`, if it is refused. */
  async accept<C>(request: Upgrade<C>, effectsOf: EffectsOf<C>): Promise<void> {
    const { user } = request;
    this.#admit(user.userId);
    const maxQueuedBytes = this.#options.maxQueuedBytes ?? defaults.maxQueuedBytes;
    const connection = new Connection(user, maxQueuedBytes, this.#metrics);
    const socket = new OpenSocket<C>(connection, request, this.#shared);
    const session = new SocketSession<C>(socket, effectsOf, this);
    this.#enter(session);
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
    for (const { connection } of [...this.#sessions.keys()]) connection.close(closeCodes.goingAway);
    if (this.#sessions.size === 0) this.#allEnded.resolve();
    await this.#allEnded.promise;
  }

  #admit(userId: string): void {
    const { maxSockets = defaults.maxSockets } = this.#options;
    const { maxSocketsPerUser = defaults.maxSocketsPerUser } = this.#options;
    if (this.#closing || this.#sessions.size >= maxSockets) {
      const message = 'This instance cannot open more sockets; retry.';
      throw new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
    }
    if ((this.#socketsByUser.get(userId) ?? 0) >= maxSocketsPerUser) {
      const message = `You have the maximum of ${maxSocketsPerUser} open sockets; close one first.`;
      throw new ApiError('RATE_LIMITED', message, { retryAfterSeconds });
    }
  }

  #enter(session: EnteredSession): void {
    this.#opened += 1;
    const { userId } = session.connection;
    this.#sessions.set(session, this.#opened % turns);
    this.#guard.add(session.target);
    this.#socketsByUser.set(userId, (this.#socketsByUser.get(userId) ?? 0) + 1);
  }

  ended(session: EnteredSession): void {
    const { userId } = session.connection;
    const left = (this.#socketsByUser.get(userId) ?? 1) - 1;
    this.#sessions.delete(session);
    this.#guard.remove(session.target);
    if (left === 0) this.#socketsByUser.delete(userId);
    else this.#socketsByUser.set(userId, left);
    if (this.#closing && this.#sessions.size === 0) this.#allEnded.resolve();
  }

  #beat(): void {
    this.#turn = (this.#turn + 1) % turns;
    if (this.#turn === 0) this.#limits.sweep();
    for (const [session, turn] of this.#sessions) {
      if (turn === this.#turn) session.beat();
    }
  }
}
