import { type Fallback, kebabCase } from '@secureconnect/degraded-mode';
import type { Sql } from '@secureconnect/postgres';
import type { SampleRequest, StoredEffect } from '@secureconnect/testkit';
import { namesIn, type Outcome } from './outcome.ts';
import { rowName, type TableRow } from './tables.ts';

/** What is wrong with a row that writes when its sample does not say what it stores. */
export const saysNothing = 'its sample does not say what it stores';

/** What a request stores, as its sample says; undefined where it writes and nothing is said. */
export function effectsOf(
  method: string,
  { effect }: Pick<SampleRequest, 'effect'>,
): readonly StoredEffect[] | undefined {
  if (effect === undefined) return method === 'GET' ? [] : undefined;
  if (typeof effect === 'string') return [];
  return 'count' in effect ? [effect] : effect;
}

/** What ports that may be skipped leave outside of SQL, by service or row, and port. */
const keptElsewhere: Readonly<Record<string, string>> = {
  'auth directory': 'Redis has a copy of the names that SQL has',
  'auth keyNotices': 'sockets are told, and nothing stores it',
  'chat presence': 'Redis has the users that are online, for a minute',
  'storage DELETE /v1/storage/multipart/:file_id removals': 'an S3 has the parts of a file',
};

/** What is wrong with a sample that uses ports which are skipped; undefined when nothing is. */
export function wrongAboutSkips(
  row: Pick<TableRow, 'service' | 'policy'>,
  ports: readonly { readonly port: string; readonly fallback: Fallback }[],
  effects: readonly StoredEffect[],
): string | undefined {
  const unsaid = ports.filter(
    ({ port, fallback }) =>
      fallback.kind === 'skip' &&
      !effects.some(({ by }) => by === port) &&
      keptElsewhere[`${row.service} ${port}`] === undefined &&
      keptElsewhere[`${rowName(row)} ${port}`] === undefined,
  );
  if (unsaid.length === 0) return undefined;
  const names = unsaid.map(({ port }) => port).join(', ');
  return `its sample has no effect by ${names}, and keptElsewhere does not say why`;
}

/** Asks SQL how often each effect has happened so far. */
export function timesHappened(sql: Sql, effects: readonly StoredEffect[]): Promise<number[]> {
  return Promise.all(
    effects.map(async ({ count, values }) => {
      const [row] = await sql.query<Readonly<Record<string, unknown>>>(count, values);
      return Number(Object.values(row ?? {})[0]);
    }),
  );
}

/** How often each effect had happened before a request was sent, and once it was answered. */
export interface Happened {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * What is wrong with what a request has left in SQL; undefined when nothing is. After a success each
 * effect has happened once, but for those of a port that the reply names as skipped; after anything
 * else, none has. What had happened before tells of an earlier refusal that was none.
 */
export function wrongStored(
  effects: readonly StoredEffect[],
  { before, after }: Happened,
  outcome: Outcome,
): string | undefined {
  for (const [index, effect] of effects.entries()) {
    const must = timesDue(effect, outcome);
    const count = effect.count.replaceAll(/\s+/g, ' ');
    if (before[index] !== 0) return `had happened before it was sent: ${count}`;
    if (after[index] !== must) return `stored ${after[index]} times instead of ${must}: ${count}`;
  }
  return undefined;
}

function timesDue({ by }: StoredEffect, { status, degraded }: Outcome): 0 | 1 {
  if (status >= 400) return 0;
  const skipped = namesIn(degraded).map((name) => name.split(';')[0]);
  const isSkipped = by !== undefined && skipped.includes(`${kebabCase(by)}=skip`);
  return isSkipped ? 0 : 1;
}
