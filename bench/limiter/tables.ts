import { digits, ratio, table } from '../support/markdown.ts';
import { type LimiterFigures, type LimiterName, limiterNames } from './names.ts';

export interface LimiterResults {
  readonly sizes: readonly number[];
  readonly figures: ReadonlyMap<LimiterName, ReadonlyMap<number, LimiterFigures>>;
  readonly bounded: { readonly keys: number; readonly maxKeys: number } & LimiterFigures;
  readonly runs: number;
  readonly machine: string;
}

/** The whole section of the document. */
export function limiterTables(results: LimiterResults): string {
  const { runs, machine, sizes, bounded } = results;
  const rows = sizes.flatMap((size) => rowsOf(results, size));
  const head = ['keys', '', 'known keys/s', 'new keys/s', 'bytes per key'];
  return [
    `Medians of ${runs} runs on ${machine}.`,
    table(head, rows),
    `With the default bound of ${digits(bounded.maxKeys)} keys and ${digits(bounded.keys)} different keys, SecureConnect's limiter holds ${digits(bounded.heapBytes / 1e6)} MB (${digits(bounded.operationsPerSecond)} requests/s), and a key that had spent its limit before the others arrived ${bounded.spentKeyIsRefused ? 'is still refused' : '**was forgotten**'}.`,
  ].join('\n\n');
}

function rowsOf({ figures }: LimiterResults, size: number): string[][] {
  const of = (name: LimiterName) => figures.get(name)?.get(size);
  const rows = limiterNames.flatMap((name) => {
    const one = of(name);
    if (one === undefined) return [];
    const { operationsPerSecond, newKeysPerSecond, bytesPerKey } = one;
    return [[name, operationsPerSecond, newKeysPerSecond, bytesPerKey] as const];
  });
  const [ours, peer] = rows;
  if (ours === undefined || peer === undefined) return [];
  return [
    ...rows.map(([name, ...numbers]) => [digits(size), name, ...numbers.map(rounded)]),
    [
      '',
      'ours ÷ theirs',
      ratio(ours[1] / peer[1]),
      ratio(ours[2] / peer[2]),
      ratio(ours[3] / peer[3]),
    ],
  ];
}

function rounded(value: number): string {
  return digits(Math.round(value));
}
