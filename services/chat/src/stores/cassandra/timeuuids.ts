import type { Position } from '@secureconnect/service';
import { types } from 'cassandra-driver';
import { timeOf } from '../../timeuuid.ts';
import { earliestId } from '../message-store.ts';

const msPerDay = 86_400_000;
/** An upper bound below the last time that a timeuuid can carry, in the year 5236. */
const maxTimeMs = Date.UTC(5000, 0, 1);
const lastTickOfMs = 9999;

/** The partition of a time: whole days since the epoch. */
export function bucketOf(at: Date): number {
  return Math.floor(at.getTime() / msPerDay);
}

/** The partition of a timeuuid. Throws for any other id. */
export function bucketOfId(id: string): number {
  return bucketOf(timeOfKnown(id));
}

/** The time of an id that we generated, in whole milliseconds. */
export function timeOfKnown(id: string): Date {
  const at = timeOf(id);
  if (at === undefined) throw new Error(`${id} is no timeuuid`);
  return at;
}

/**
 * Converts a position to a timeuuid for comparison: its id if that carries its time. Any other id
 * stands before (`earliestId`) or after (such as that of `beginning`) everything of its
 * millisecond.
 */
export function boundOf({ at, id }: Position): string {
  if (timeOf(id)?.getTime() === at.getTime()) return id;
  const time = new Date(Math.min(at.getTime(), maxTimeMs));
  const bound =
    id === earliestId ? types.TimeUuid.min(time, 0) : types.TimeUuid.max(time, lastTickOfMs);
  return bound.toString();
}

/**
 * A text that sorts like the timeuuid in Cassandra: by time, then by the other bytes as signed
 * numbers.
 */
export function sortKey(id: string): string {
  const [low = '', middle = '', high = '', ...rest] = id.split('-');
  const bytes = Buffer.from(rest.join(''), 'hex').map((byte) => byte ^ 0x80);
  return `${high}${middle}${low}${Buffer.from(bytes).toString('hex')}`;
}
