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

/** Remediation requests in SQL: a unique index decides that an active signal has one. */
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
        // Both, where two gateways without a common Redis have seen a storm and none.
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
 * Makes the request in a transaction that has seen the signal in no storm; a signal that joins one at
 * the same time has seen no request, and the database lets one of the two happen. What there is
 * already is counted outside of it, so that those who were second do not stop each other; and the
 * previous request is looked for before it, as what is read within conflicts with others' inserts.
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

/** Its own request first: a signal may have had one before its storm began. */
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
  // One that came in between is not seen here: the database has the transaction begin anew instead.
  if (row === undefined) throw new Error('the request of a storm was there that was not there');
  await insertMember(sql, row.name, draft);
  return placed(row, row.name === name ? 'created' : 'aggregated');
}

function placed(row: FoundRequest, outcome: Placed['outcome']): Placed {
  const { name, namespace, storm_type: type, storm_window: id } = row;
  const storm = type === null || id === null ? undefined : { type, id };
  return { name, namespace, outcome, storm };
}
