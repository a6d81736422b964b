import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@secureconnect/postgres';
import { requestName, stormFingerprintOf } from '../fingerprint.ts';
import type { Draft, Firing, Placed, RemediationSink, StormRef } from '../sink.ts';
import { untilSettled } from '../until-settled.ts';
import type { FoundRequest } from './found-request.ts';
import {
  closeRequest,
  findActive,
  findRequest,
  insertRequest,
  listRequests,
  previousName,
  purgeRequests,
  repeatRequest,
} from './remediation-requests.ts';
import { closeMember, insertMember, isMember, repeatMember } from './storm-members.ts';

/** Remediation requests in SQL: a unique index ensures that an active signal has one. */
export function postgresSink(database: Database): RemediationSink {
  return {
    async repeat(firing, at) {
      const row = await repeatIn(database, firing, at);
      return row && placed(row, 'duplicate');
    },
    open: (draft) => open(database, draft),
    aggregate: (draft, storm) => database.transaction((sql) => aggregateIn(sql, draft, storm)),
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

/**
 * Creates the request in a transaction that reads that the signal is in no storm. A concurrent join
 * reads that there is no request, and the database rejects one of the two. Duplicates are counted
 * outside the transaction, so that they do not block each other. The previous request is read
 * before it, because reads in the transaction conflict with concurrent inserts.
 */
async function open(database: Database, draft: Draft): Promise<Placed> {
  const { signal, receivedAt } = draft;
  const { fingerprint } = signal;
  return untilSettled(async () => {
    const previous = await previousName(database, fingerprint);
    const name = requestName(fingerprint, randomUUID());
    const made = await database.transaction(async (sql) => {
      if (await isMember(sql, fingerprint)) return undefined;
      const fresh = { name, fingerprint, draft, storm: undefined, previousName: previous };
      return insertRequest(sql, fresh);
    });
    if (made !== undefined) return placed(made, 'created');
    const known = await repeatIn(database, signal, receivedAt);
    return known && placed(known, 'duplicate');
  });
}

/** The signal's own request comes first: it may be older than the storm. */
async function repeatIn(sql: Sql, firing: Firing, at: Date): Promise<FoundRequest | undefined> {
  return (await repeatRequest(sql, firing, at)) ?? (await repeatMember(sql, firing, at));
}

async function aggregateIn(sql: Sql, draft: Draft, storm: StormRef): Promise<Placed> {
  const { signal, receivedAt } = draft;
  const known = await repeatIn(sql, signal, receivedAt);
  if (known !== undefined) return placed(known, 'duplicate');
  const fingerprint = stormFingerprintOf(signal.name, storm.id);
  const name = requestName(fingerprint, randomUUID());
  const row =
    (await findActive(sql, fingerprint)) ??
    (await insertRequest(sql, {
      name,
      fingerprint,
      draft,
      storm,
      previousName: await previousName(sql, fingerprint),
    }));
  // A concurrently created request is not visible here: the database restarts the transaction.
  if (row === undefined) throw new Error('the request of the storm was neither created nor found');
  await insertMember(sql, row.name, draft);
  return placed(row, row.name === name ? 'created' : 'aggregated');
}

function placed(row: FoundRequest, outcome: Placed['outcome']): Placed {
  const { name, namespace, storm_type: type, storm_window: id } = row;
  const storm = type === null || id === null ? undefined : { type, id };
  return { name, namespace, outcome, storm };
}
