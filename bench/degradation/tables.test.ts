import { describe, expect, it } from 'vitest';
import { faultNames } from './faults.ts';
import { madeUpMeasures, madeUpThroughput, withP99 } from './made-up.ts';
import type { Measures, Throughput } from './measure.ts';
import { type SubjectName, subjectNames, subjectTitles } from './subject-names.ts';
import { resultTables } from './tables.ts';

type Given = Partial<Record<SubjectName, readonly Measures[]>>;

/** The section where these are the runs of these subjects, under every fault alike. */
function section(given: Given, throughput: Partial<Record<SubjectName, Throughput[]>> = {}) {
  const faults = Object.fromEntries(
    subjectNames.map((name) => {
      const runs = given[name] ?? [madeUpMeasures()];
      return [name, Object.fromEntries(faultNames.map((fault) => [fault, runs]))];
    }),
  ) as Parameters<typeof resultTables>[0]['faults'];
  const counted = Object.fromEntries(
    subjectNames.map((name) => [name, throughput[name] ?? [madeUpThroughput]]),
  ) as Record<SubjectName, Throughput[]>;
  return resultTables({ faults, throughput: counted, runs: 5, machine: 'a machine' });
}

/** The cells of a subject in the table below a heading; its second table where `second`. */
function cells(text: string, heading: string, name: SubjectName, second = false): string[] {
  const [, below = ''] = text.split(`### ${heading}\n`);
  const lines = below.split('\n### ')[0]?.split('\n') ?? [];
  const rows = lines.filter((line) => line.startsWith(`| ${subjectTitles[name]} |`));
  return (rows[second ? 1 : 0] ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

const killed = 'Killed (SIGKILL), later restarted with its data';

describe('the section of the document', () => {
  it('says how many runs on which machine, and has a row for each subject under each fault', () => {
    const text = section({});
    expect(text).toMatch(/^Medians of 5 runs on a machine\./);
    for (const name of subjectNames) {
      const lines = text
        .split('\n')
        .filter((line) => line.startsWith(`| ${subjectTitles[name]} |`));
      // Two tables a fault, and that of the throughput; ours is a heading in that of the targets too.
      const rows = lines.filter((line) => !line.includes('| target |'));
      expect(rows).toHaveLength(2 * faultNames.length + 1);
    }
  });

  it('says never for what did not happen, and separates errors from requests that hung', () => {
    const failures = new Map([
      ['hung', 2400],
      ['500', 12],
      ['ECONNRESET', 1],
    ]);
    const bad = madeUpMeasures({ seenMs: Number.NaN, answeredInTime: 250, failures });
    expect(cells(section({ ioredis: [bad] }), killed, 'ioredis')).toEqual([
      'never',
      '11 ms',
      '12 ms',
      '25 %',
      '12 × 500, 1 × ECONNRESET',
      '2,400',
    ]);
    expect(cells(section({}), killed, 'ioredis').slice(-2)).toEqual(['0', '0']);
  });

  it('has the p99 of the fault beside that of before', () => {
    const runs = [withP99({ before: 2, 'first second': 5000, later: 3 })];
    const row = cells(section({ ioredis: runs }), killed, 'ioredis', true);
    expect(row[1]).toBe('1 / 5,000 / 3');
    expect(row.slice(-2)).toEqual(['2,500 ×', '1.5 ×']);
  });

  it('shows a target that was not reached', () => {
    const slow = madeUpMeasures({ seenMs: 70 });
    expect(section({ secureconnect: [slow] })).toContain(
      '| kill detected within | at most 50 ms | 70 ms | **not met** |',
    );
    expect(section({})).not.toContain('not met');
  });
});

describe('the throughput', () => {
  const throughput = {
    secureconnect: [
      { normal: 100, degraded: 200 },
      { normal: 1000, degraded: 1000 },
      { normal: 10, degraded: 40 },
    ],
    ioredis: [
      { normal: 200, degraded: 100 },
      { normal: 1000, degraded: 3000 },
      { normal: 40, degraded: 4 },
    ],
  };

  it('is compared within each run: ratios are medians of ratios', () => {
    expect(cells(section({}, throughput), 'Throughput', 'ioredis')).toEqual([
      '200',
      '100',
      '0.5 ×',
      '2 ×',
      '0.5 ×',
    ]);
  });

  it('of ours to ours is one', () => {
    const row = cells(section({}, throughput), 'Throughput', 'secureconnect');
    expect(row).toEqual(['100', '200', '2 ×', '1 ×', '1 ×']);
  });
});
