import { describe, expect, it } from 'vitest';
import type { Throughput } from './measure.ts';
import { storageTables } from './tables.ts';
import type { WayName } from './ways.ts';

const at = (
  upload: number,
  download: number,
  [uploadCpuMs, downloadCpuMs]: readonly [number, number] = [Number.NaN, Number.NaN],
): ReadonlyMap<number, Throughput> =>
  new Map([
    [
      100_000,
      {
        ...{ uploadBytesPerSecond: upload * 1e6, downloadBytesPerSecond: download * 1e6 },
        ...{ uploadCpuMs, downloadCpuMs },
      },
    ],
  ]);

function lines(figures: ReadonlyMap<WayName, ReadonlyMap<number, Throughput>>): string[] {
  return storageTables({
    sizes: [100_000],
    figures,
    asking: [{ store: 'a directory', perSecond: 1234.5 }],
    runs: 1,
    machine: 'a machine',
  }).split('\n');
}

describe('the tables of storage', () => {
  it('have each of our ways beside its peers, with what it reaches of them', () => {
    const rows = lines(
      new Map([
        ['directory, raw', at(200, 400)],
        ['directory, bare HTTP', at(100, 50, [1, 2])],
        ['directory, presigned', at(50, 100, [2, 1])],
        ['S3, raw', at(80, 90)],
        ['S3, presigned', at(160, 90)],
      ]),
    );
    expect(rows.filter((row) => /^\| (100|\s)/.test(row))).toEqual([
      '| 100 kB | directory, raw | 200 | 400 | – | – |',
      '| 100 kB | directory, bare HTTP | 100 | 50 | 1 ms | 2 ms |',
      '| 100 kB | directory, presigned | 50 | 100 | 2 ms | 1 ms |',
      '|  | presigned ÷ raw | 0.25 × | 0.25 × | – | – |',
      '|  | presigned ÷ bare HTTP | 0.5 × | 2 × | 2 × | 0.5 × |',
      '| 100 kB | S3, raw | 80 | 90 | – | – |',
      '| 100 kB | S3, presigned | 160 | 90 | – | – |',
      '|  | presigned ÷ raw | 2 × | 1 × | – | – |',
    ]);
    expect(rows[0]).toBe('Medians of 1 run on a machine.');
    expect(rows.at(-1)).toContain('1,235 requests/s with files in a directory');
  });

  it('leave out a store that was not there', () => {
    const rows = lines(new Map([['directory, raw', at(1, 1)]]));
    expect(rows.some((row) => row.includes('S3'))).toBe(false);
  });
});
