import { type Database, isDatabaseUnavailable } from '@secureconnect/postgres';
import { Batcher, type BatchMeasures } from '@secureconnect/service';
import type { Placed, RemediationSink } from '../sink.ts';
import { untilSettled } from '../until-settled.ts';
import type { FoundRequest } from './found-request.ts';
import { type PlacedIn, type Placement, placeSignals } from './place-signals.ts';
import { closeRequest, findRequest, listRequests, purgeRequests } from './remediation-requests.ts';
import { type Repetition, repeatSignals } from './repeat-signals.ts';
import { closeMember } from './storm-members.ts';

/**
 * A batch of the largest signals has some 10 MB. Signals wait for less than Alertmanager's shortest
 * time limit, and a reservation in Redis lasts longer.
 */
const bounds = {
  maxItems: 32,
  maxWaiting: 1000,
  maxWaitMs: 2000,
  isOfOneItem: (error: unknown) => !isDatabaseUnavailable(error),
};

/**
 * Remediation requests in SQL: a unique index ensures that an active signal has one. Concurrent
 * signals share statements and transactions.
 */
export function postgresSink(
  database: Database,
  measuresOf?: (batch: string) => BatchMeasures,
): RemediationSink {
  const repetitions = new Batcher<Repetition, FoundRequest | undefined>({
    ...bounds,
    work: (batch) => repeatSignals(database, batch),
    keyOf: ({ firing }) => firing.fingerprint,
    measures: measuresOf?.('repeated_signals'),
  });
  const placements = new Batcher<Placement, PlacedIn | undefined>({
    ...bounds,
    work: (batch) => placeSignals(database, batch),
    keyOf: ({ draft }) => draft.signal.fingerprint,
    measures: measuresOf?.('new_signals'),
  });
  const repeat = async (repetition: Repetition): Promise<Placed | undefined> => {
    const row = await repetitions.run(repetition);
    return row && placed(row, 'duplicate');
  };
  /** If a different delivery was faster, this one counts as a repetition. */
  const place = (placement: Placement): Promise<Placed> =>
    untilSettled(async () => {
      const made = await placements.run(placement);
      if (made !== undefined) return placed(made.request, made.isNew ? 'created' : 'aggregated');
      const { signal, receivedAt } = placement.draft;
      return repeat({ firing: signal, at: receivedAt });
    });
  return {
    repeat: (firing, at) => repeat({ firing, at }),
    open: (draft) => place({ draft, storm: undefined }),
    aggregate: (draft, storm) => place({ draft, storm }),
    async close(fingerprint, endedAt, at) {
      const row = await database.transaction(async (sql) => {
        const own = await closeRequest(sql, fingerprint, endedAt, at);
        // Both may exist, if only one of two gateways without a common Redis has detected a storm.
        const ofStorm = await closeMember(sql, fingerprint, endedAt, at);
        return own ?? ofStorm;
      });
      return row && placed(row, 'duplicate');
    },
    find: (name) => findRequest(database, name),
    list: (filter) => listRequests(database, filter),
    purge: (closedBefore, maxCount) =>
      database.transaction((sql) => purgeRequests(sql, closedBefore, maxCount)),
    check: () => database.ping(),
  };
}

function placed(row: FoundRequest, outcome: Placed['outcome']): Placed {
  const { name, namespace, storm_type: type, storm_window: id } = row;
  const storm = type === null || id === null ? undefined : { type, id };
  return { name, namespace, outcome, storm };
}
