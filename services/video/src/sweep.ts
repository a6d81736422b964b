import type { Database, Sql } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { abandon, type CallChange, cutOff, lose, takeOut } from './calls/call.ts';
import type { VideoContext } from './context.ts';
import { sweepNotices } from './stores/call-notices.ts';
import {
  absentParts,
  removeSocket,
  renewSockets,
  staleSockets,
  welcomeBack,
} from './stores/call-sockets.ts';
import { changeIn } from './stores/calls.ts';
import { sweepSignals } from './stores/kept-signals.ts';
import {
  abandonedCalls,
  callsOutOfReach,
  type FindCalls,
  noteHeard,
  overdueCalls,
  type Part,
  partsOfStrangers,
} from './stores/live-calls.ts';

const intervalMs = 5000;
/** Calls that nobody answers are missed this much late at the most, and a little more. */
const ringIntervalMs = 1000;
/**
 * How long sweeps must succeed before users count as absent and calls as abandoned: after an outage
 * of SQL or a restart every call looks so, until the instances with its sockets have swept and the
 * clients have opened new ones.
 */
const soundSeconds = 30;

type Swept = Pick<VideoContext, 'database' | 'signaling' | 'watch'>;

/**
 * Renews the sockets of this process, ends abandoned and blocked calls, and removes users who have
 * left the conversation or have had no socket for too long. Idempotent, and safe to run on several
 * instances, because SQL decides.
 */
class Sweep {
  readonly #swept: Swept;
  /** The start of the current run of successful sweeps, by `performance.now()`. */
  #soundSince: number | undefined;

  constructor(swept: Swept) {
    this.#swept = swept;
  }

  async run(): Promise<void> {
    const soundSince = this.#soundSince;
    this.#soundSince = undefined;
    await this.#renew();
    await this.#endCalls();
    const isSound =
      soundSince !== undefined && performance.now() - soundSince > soundSeconds * 1000;
    if (isSound) await this.#endAbsence();
    await sweepNotices(this.#swept.database);
    await sweepSignals(this.#swept.database);
    await this.#swept.watch.look(this.#swept.signaling.callIds());
    this.#soundSince = soundSince ?? performance.now();
  }

  async #renew(): Promise<void> {
    const { database, signaling, watch } = this.#swept;
    const seats = signaling.seats();
    if (seats.length === 0) return;
    const callIds = signaling.callIds();
    await noteHeard(database, callIds);
    const replaced = await renewSockets(database, seats);
    for (const seat of seats) {
      if (replaced.has(seat.socketId)) watch.closeReplaced(seat.callId, seat.socketId);
      // It has closed meanwhile, and renewing it may have stored it again.
      if (signaling.seatOf(seat.connection) === undefined) await removeSocket(database, seat);
    }
    await welcomeBack(database, callIds);
  }

  async #endCalls(): Promise<void> {
    const { database } = this.#swept;
    await endEach(database, callsOutOfReach, cutOff);
    await endParts(database, partsOfStrangers, takeOut);
  }

  async #endAbsence(): Promise<void> {
    const { database } = this.#swept;
    for (const socket of await staleSockets(database)) await removeSocket(database, socket, true);
    await endParts(database, absentParts, lose);
    await endEach(database, abandonedCalls, abandon);
  }
}

/** Changes the calls found, each only if the condition still holds. */
async function endEach(database: Database, find: FindCalls, change: CallChange): Promise<void> {
  for (const callId of await find(database)) {
    await database.transaction(async (sql) => {
      if ((await find(sql, callId)).length > 0) await changeIn(sql, callId, change);
    });
  }
}

type FindParts = (sql: Sql, only?: string) => Promise<Part[]>;

/** Ends the parts found, each only if the condition still holds. */
async function endParts(
  database: Database,
  find: FindParts,
  change: (userId: string) => CallChange,
): Promise<void> {
  for (const { callId, userId } of await find(database)) {
    const findIt: FindCalls = async (sql) => {
      const parts = await find(sql, callId);
      return parts.some((part) => part.userId === userId) ? [callId] : [];
    };
    await endEach(database, findIt, change(userId));
  }
}

/** Sweeps every five seconds; returns a function that stops this. */
export function startSweeping(context: Swept, log: Logger): () => Promise<void> {
  const sweep = new Sweep(context);
  return repeatEvery({ intervalMs, what: 'the sweep', log, run: () => sweep.run() });
}

/**
 * Ends the ringing of calls whose time to answer is over. Any instance does so for all calls, each
 * call once, because SQL decides.
 */
export function startEndingRinging(
  { database }: Pick<VideoContext, 'database'>,
  log: Logger,
): () => Promise<void> {
  const run = (): Promise<void> => endEach(database, overdueCalls, (call) => call);
  return repeatEvery({ intervalMs: ringIntervalMs, what: 'ending unanswered calls', log, run });
}
