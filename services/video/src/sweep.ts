import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { abandon, type CallChange, cutOff, takeOut } from './calls/call.ts';
import type { VideoContext } from './context.ts';
import { sweepNotices } from './stores/call-notices.ts';
import { changeIn } from './stores/calls.ts';
import {
  abandonedCalls,
  callsOutOfReach,
  type FindCalls,
  noteHeard,
  overdueCalls,
  partsOfStrangers,
  partsThatAreOver,
} from './stores/live-calls.ts';

const intervalMs = 5000;
/** Calls that nobody answers are missed this much late at the most, and a little more. */
const ringIntervalMs = 1000;
/**
 * How long sweeps must succeed before calls count as abandoned: after an outage of SQL every call
 * looks abandoned until the instances with its sockets have swept.
 */
const soundSeconds = 30;

type Swept = Pick<VideoContext, 'database' | 'signaling'>;

/**
 * Ends abandoned and blocked calls, removes users who have left the conversation, and
 * closes local sockets of users whose part in a call is over. Idempotent, and safe to run on
 * several instances, because SQL decides.
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
    await this.#endCalls(soundSince);
    await this.#closeSockets();
    this.#soundSince = soundSince ?? performance.now();
  }

  async #endCalls(soundSince: number | undefined): Promise<void> {
    const { database, signaling } = this.#swept;
    const seated = signaling.seats().map(({ callId }) => callId);
    if (seated.length > 0) await noteHeard(database, seated);
    await endEach(database, callsOutOfReach, cutOff);
    for (const { callId, userId } of await partsOfStrangers(database)) {
      await endEach(database, findStranger(callId, userId), takeOut(userId));
    }
    const isSound =
      soundSince !== undefined && performance.now() - soundSince > soundSeconds * 1000;
    if (isSound) await endEach(database, abandonedCalls, abandon);
    await sweepNotices(database);
  }

  async #closeSockets(): Promise<void> {
    const { database, signaling } = this.#swept;
    const seats = signaling.seats();
    if (seats.length === 0) return;
    for (const { callId, userId } of await partsThatAreOver(database, seats)) {
      signaling.close(callId, userId);
    }
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

function findStranger(callId: string, userId: string): FindCalls {
  return async (sql) => {
    const parts = await partsOfStrangers(sql, callId);
    return parts.filter((part) => part.userId === userId).map((part) => part.callId);
  };
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
