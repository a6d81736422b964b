import { digits, table } from '../support/markdown.ts';
import type { StoredBytes } from './measure.ts';

/** The whole section of the document. */
export function storedTable(figures: readonly StoredBytes[], machine: string): string {
  const head = ['each further', 'measured over', 'PostgreSQL, bytes', 'Redis, bytes'];
  const rows = figures.map(({ what, count, databaseBytes, redisBytes }) => [
    what,
    ...[count, databaseBytes, Math.max(0, redisBytes)].map((value) => digits(Math.round(value))),
  ]);
  return `One run on ${machine}.\n\n${table(head, rows)}`;
}
