import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@secureconnect/postgres';
import { requestName, stormFingerprintOf } from '../alerts/fingerprint.ts';
import type { FoundRequest } from '../stores/found-request.ts';
import {
  closeRequest,
  findActive,
  findRequest,
  insertOrRepeat,
  listRequests,
  purgeRequests,
  repeatRequest,
} from '../stores/remediation-requests.ts';
import { closeMember, insertMember, repeatMember } from '../stores/storm-members.ts';
import type { Draft, Placed, RemediationSink, StormRef } from './sink.ts';

/** Remediation requests in SQL: a unique index decides that an active signal has one. */
export function postgresSink(database: Database): RemediationSink {
  return {
    async repeat(fingerprint, at) {
      const row = await repeatIn(database, fingerprint, at);
      return row && placed(row, { isNew: false, isDuplicate: true });
    },
    async open(draft) {
      const { fingerprint } = draft.signal;
      const name = requestName(fingerprint, randomUUID());
      const row = await insertOrRepeat(database, { name, fingerprint, draft, storm: undefined });
      return placed(row, { isNew: row.name === name, isDuplicate: row.name !== name });
    },
    aggregate: (draft, storm) => database.transaction((sql) => aggregateIn(sql, draft, storm)),
    async close(fingerprint, endedAt, at) {
      const row = await database.transaction(async (sql) => {
        const own = await closeRequest(sql, fingerprint, endedAt, at);
        // Both, where two gateways without a common Redis have seen a storm and none.
        const ofStorm = await closeMember(sql, fingerprint, endedAt, at);
        return own ?? ofStorm;
      });
      return row && placed(row, { isNew: false, isDuplicate: true });
    },
    find: (name) => findRequest(database, name),
    list: (filter) => listRequests(database, filter),
    purge: (closedBefore, mostAtOnce) =>
      database.transaction((sql) => purgeRequests(sql, closedBefore, mostAtOnce)),
    check: () => database.ping(),
  };
}

/** Its own request first: a signal may have had one before its storm began. */
async function repeatIn(
  sql: Sql,
  fingerprint: string,
  at: Date,
): Promise<FoundRequest | undefined> {
  return (await repeatRequest(sql, fingerprint, at)) ?? (await repeatMember(sql, fingerprint, at));
}

async function aggregateIn(sql: Sql, draft: Draft, storm: StormRef): Promise<Placed> {
  const { signal, receivedAt } = draft;
  const known = await repeatIn(sql, signal.fingerprint, receivedAt);
  if (known !== undefined) return placed(known, { isNew: false, isDuplicate: true });
  const fingerprint = stormFingerprintOf(signal.name, storm.id);
  const name = requestName(fingerprint, randomUUID());
  // Looked for first, so that the signals of a storm do not all write the same row.
  const row =
    (await findActive(sql, fingerprint)) ??
    (await insertOrRepeat(sql, { name, fingerprint, draft, storm }));
  await insertMember(sql, row.name, draft);
  return placed(row, { isNew: row.name === name, isDuplicate: false });
}

function placed(row: FoundRequest, how: Pick<Placed, 'isNew' | 'isDuplicate'>): Placed {
  const { name, namespace, storm_type: type, storm_window: id } = row;
  const storm = type === null || id === null ? undefined : { type, id };
  return { name, namespace, ...how, storm };
}
