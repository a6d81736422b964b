import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@secureconnect/postgres';
import { requestName, stormFingerprintOf } from '../fingerprint.ts';
import type { Draft, StormRef } from '../sink.ts';
import type { FoundRequest } from './found-request.ts';
import { insertRequests, type NewRequest, previousNames } from './new-requests.ts';
import { findActive } from './remediation-requests.ts';
import { insertMembers, type Joining, joinStorms, type NewMember } from './storm-members.ts';

/** A signal that needs a request of its own, or a place in the request of its storm. */
export interface Placement {
  readonly draft: Draft;
  readonly storm: StormRef | undefined;
}

/** The request that a placement got, and whether it is new. */
export interface PlacedIn {
  readonly request: FoundRequest;
  readonly isNew: boolean;
}

/**
 * Places signals, all in one transaction; undefined for a signal that has an active request. The
 * transaction reads what a different one writes that places the same signal differently (own
 * request or storm), so the database rejects one of the two. Previous requests are read outside it,
 * because reads in the transaction conflict with concurrent inserts.
 * @param placements of different signals
 */
export async function placeSignals(
  database: Database,
  placements: readonly Placement[],
): Promise<(PlacedIn | undefined)[]> {
  const targets = placements.map(targetOf);
  const previousOf = (some: readonly Target[]) =>
    previousNames(
      database,
      some.map(({ requestFingerprint }) => requestFingerprint),
    );
  if (targets.every(({ storm }) => storm === undefined)) {
    return placeAlone(database.serializable, targets, await previousOf(targets));
  }
  return database.transaction(async (sql) => {
    const joined = await joinStorms(sql, targets.flatMap(joiningOf));
    const rest = targets.filter(({ draft }) => !joined.has(draft.signal.fingerprint));
    const others = rest.length === 0 ? [] : await placeRest(sql, rest, previousOf);
    return targets.map((target) => {
      const request = joined.get(target.draft.signal.fingerprint);
      return request ? { request, isNew: false } : others[rest.indexOf(target)];
    });
  });
}

/** One statement for signals of which none belongs to a storm. */
async function placeAlone(
  sql: Sql,
  targets: readonly Target[],
  previous: ReadonlyMap<string, string>,
): Promise<(PlacedIn | undefined)[]> {
  const created = await insertRequests(sql, newRequests(targets, new Map(), previous));
  return targets.map(({ requestFingerprint }) => {
    const request = created.get(requestFingerprint);
    return request && { request, isNew: true };
  });
}

/** Signals of which some may be the first of a storm, or may have an active request. */
async function placeRest(
  sql: Sql,
  targets: readonly Target[],
  previousOf: (targets: readonly Target[]) => Promise<ReadonlyMap<string, string>>,
): Promise<(PlacedIn | undefined)[]> {
  const active = await activeBefore(sql, targets);
  const unplaced = targets.filter(
    ({ storm, draft }) => storm === undefined || !active.has(draft.signal.fingerprint),
  );
  const previous = await previousOf(unplaced);
  const created = await insertRequests(sql, newRequests(unplaced, active, previous));
  const requestOf = ({ requestFingerprint }: Target): FoundRequest | undefined =>
    created.get(requestFingerprint) ?? active.get(requestFingerprint);
  const members = unplaced.flatMap((target) => memberOf(target, requestOf(target)));
  await insertMembers(sql, members);
  const placed = new Set(unplaced);
  return targets.map((target) => {
    const request = placed.has(target) ? requestOf(target) : undefined;
    return request && { request, isNew: request.name === target.name };
  });
}

/** A placement, and the request that it creates if there is none. */
interface Target extends Placement {
  /** The signal's own or the storm's. */
  readonly requestFingerprint: string;
  readonly name: string;
}

function targetOf({ draft, storm }: Placement): Target {
  const { fingerprint, name } = draft.signal;
  const requestFingerprint = storm === undefined ? fingerprint : stormFingerprintOf(name, storm.id);
  return {
    ...{ draft, storm, requestFingerprint },
    name: requestName(requestFingerprint, randomUUID()),
  };
}

function joiningOf({ storm, draft, requestFingerprint }: Target): Joining[] {
  return storm === undefined ? [] : [{ stormFingerprint: requestFingerprint, draft }];
}

/** The active requests of the storms, and of the signals that are to join one. */
function activeBefore(
  sql: Sql,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, FoundRequest>> {
  const joining = targets.filter(({ storm }) => storm !== undefined);
  return findActive(
    sql,
    joining.flatMap(({ draft, requestFingerprint }) => [
      draft.signal.fingerprint,
      requestFingerprint,
    ]),
  );
}

/**
 * The requests to create: the first signal of a storm creates that of the storm. In one order, so
 * that gateways that create the same ones wait for each other and not in a circle.
 */
function newRequests(
  targets: readonly Target[],
  active: ReadonlyMap<string, FoundRequest>,
  previous: ReadonlyMap<string, string>,
): NewRequest[] {
  const byFingerprint = new Map<string, NewRequest>();
  for (const { name, requestFingerprint: fingerprint, draft, storm } of targets) {
    if (active.has(fingerprint) || byFingerprint.has(fingerprint)) continue;
    const previousName = previous.get(fingerprint);
    byFingerprint.set(fingerprint, { name, fingerprint, draft, storm, previousName });
  }
  return [...byFingerprint.values()].sort((one, other) =>
    one.fingerprint < other.fingerprint ? -1 : 1,
  );
}

function memberOf({ storm, draft }: Target, request: FoundRequest | undefined): NewMember[] {
  if (storm === undefined) return [];
  // A concurrently created request is not visible here: the database restarts the transaction.
  if (request === undefined) {
    throw new Error('the request of the storm was neither created nor found');
  }
  return [{ requestName: request.name, draft }];
}
