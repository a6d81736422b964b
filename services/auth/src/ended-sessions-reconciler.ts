import type { DegradedMode, Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { Sessions } from './ports/sessions.ts';
import { listEndedSessions } from './stores/sessions.ts';
import { clockToleranceSeconds } from './token-lifetimes.ts';

const batchSize = 1000;
/** How far a process looks back that does not know when the outage began. */
const unknownOutageMs = 86_400_000;

export interface EndedSessionsOptions {
  readonly mode: DegradedMode;
  readonly database: Database;
  /** In Redis. */
  readonly sessions: Pick<Sessions, 'end'>;
}

/**
 * On recovery, deletes the keys of sessions that ended in SQL during the outage. A key that is left
 * over grants nothing, because SQL decides every exchange; this keeps Redis true all the same.
 */
export function endedSessionsReconciler({
  mode,
  database,
  sessions,
}: EndedSessionsOptions): Reconciler {
  let outageSinceMs: number | undefined;
  mode.availability.on('changed', (state) => {
    if (state === 'available') outageSinceMs = undefined;
    else if (state === 'unavailable') outageSinceMs ??= Date.now();
  });
  return {
    name: 'ended sessions',
    async run() {
      const sinceMs = outageSinceMs ?? Date.now() - unknownOutageMs;
      let after = { endedAt: new Date(sinceMs - clockToleranceSeconds * 1000), sessionId: nilUuid };
      for (;;) {
        const ended = await listEndedSessions(database, after, batchSize);
        await sessions.end(ended.map(({ sessionId }) => sessionId));
        const last = ended.at(-1);
        if (last === undefined || ended.length < batchSize) return;
        after = last;
      }
    },
  };
}

const nilUuid = '00000000-0000-0000-0000-000000000000';
