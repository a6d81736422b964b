import type { RequestOf } from '../http/routes.ts';
import { delay } from '../support/delay.ts';
import type { PeerConnection, ReceivedTrack } from './platform.ts';
import { type StatsSummary, summaryOf } from './quality-summary.ts';

/** As the body of the route for reports. */
export type QualityReport = Omit<RequestOf<'POST /v1/calls/:call_id/quality'>['body'], 'peer_id'>;

export interface QualityOptions {
  readonly connection: Pick<PeerConnection, 'connectionState' | 'getStats'>;
  /** When both were in the call, by `performance.now()`. */
  readonly sinceMs: number;
  readonly send: (report: QualityReport) => void;
  readonly onError: (error: unknown) => void;
}

const everyMs = 30_000;
const maxStatsMs = 500;
/** More is refused. */
const maxSetupMs = 600_000;

/** Reports how well the connection to one peer works, every 30 s and when it is closed. */
export class Quality {
  readonly #options: QualityOptions;
  readonly #id = crypto.randomUUID();
  readonly #timer: ReturnType<typeof setInterval>;
  #sequence = 0;
  #setupMs: number | undefined;
  #wasConnected = false;
  #isLost = false;
  #hasFailed = false;
  #iceRestarts = 0;
  #reconnects = 0;

  constructor(options: QualityOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#report(), everyMs);
  }

  /** The state of the connection has changed. */
  noteState(): void {
    const { connectionState } = this.#options.connection;
    if (connectionState === 'connected') {
      if (this.#isLost) this.#reconnects += 1;
      this.#wasConnected = true;
      this.#isLost = false;
      this.#hasFailed = false;
    } else if (connectionState === 'disconnected' || connectionState === 'failed') {
      this.#isLost = this.#wasConnected;
      this.#hasFailed ||= connectionState === 'failed';
    }
  }

  /** The peer sends a track, whose media may come later. */
  noteTrack(track: ReceivedTrack): void {
    // A peer who had nothing to send for a while is not slow to connect.
    const sinceMs = this.#wasConnected ? performance.now() : this.#options.sinceMs;
    const begin = (): void => {
      const setupMs = Math.max(0, performance.now() - sinceMs);
      this.#setupMs ??= Math.min(setupMs, maxSetupMs);
    };
    if (track.muted) track.addEventListener('unmute', begin, { once: true });
    else begin();
  }

  noteRestart(): void {
    this.#iceRestarts += 1;
  }

  /** Reports once more. Resolves within half a second, when the connection may be closed. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.race([this.#report(), delay(maxStatsMs)]);
  }

  async #report(): Promise<void> {
    const { connection, onError, send } = this.#options;
    // Nothing has happened yet, such as on a connection that is replaced where first offers cross.
    if (connection.connectionState === 'new') return;
    try {
      const stats = summaryOf(await connection.getStats());
      const state = this.#hasFailed ? 'failed' : connection.connectionState;
      send(this.#reportOf(state, stats));
    } catch (error) {
      onError(error);
    }
  }

  #reportOf(state: QualityOptions['connection']['connectionState'], stats: StatsSummary) {
    this.#sequence += 1;
    return {
      connection_id: this.#id,
      sequence: this.#sequence,
      summary: {
        ...stats,
        state,
        // A connection that failed is being restarted; until that succeeds, its media is gone.
        media_lost: this.#hasFailed && this.#setupMs !== undefined,
        ...(this.#setupMs === undefined ? {} : { setup_ms: this.#setupMs }),
        ice_restarts: this.#iceRestarts,
        reconnects: this.#reconnects,
      },
    };
  }
}
