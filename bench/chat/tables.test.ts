import { describe, expect, it } from 'vitest';
import { madeUpMeasurement, madeUpRun } from './made-up.ts';
import { totalsOf } from './results.ts';
import type { ChatRun } from './scenario.ts';
import { type SubjectName, subjectTitles } from './subject-names.ts';
import { chatTables } from './tables.ts';

const alike: Record<SubjectName, readonly ChatRun[]> = {
  'secureconnect-postgres': [madeUpRun()],
  'secureconnect-cassandra': [madeUpRun()],
  'socket.io': [madeUpRun()],
  'socket.io-insert': [madeUpRun()],
};

function section(runs: Partial<Record<SubjectName, readonly ChatRun[]>>): string {
  const entries = Object.entries(runs) as [SubjectName, readonly ChatRun[]][];
  return chatTables({ runs: new Map(entries), machine: 'a machine' });
}

/** The cells of the row with this title below a heading. */
function cells(text: string, heading: string, title: string): string[] {
  const [, below = ''] = text.split(`### ${heading}\n`);
  const lines = below.split('\n### ')[0]?.split('\n') ?? [];
  const row = lines.find((line) => line.startsWith(`| ${title} |`)) ?? '';
  return row
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

const postgres = subjectTitles['secureconnect-postgres'];
const speeds = (...perSecond: number[]): ChatRun[] =>
  perSecond.map((deliveriesPerSecond) => madeUpRun(() => ({ deliveriesPerSecond })));

describe('the section of the document', () => {
  it('says how many runs on which machine, and which subject was skipped', () => {
    const { 'secureconnect-cassandra': _, ...others } = alike;
    const text = section({ ...others, 'socket.io': [madeUpRun(), madeUpRun()] });
    expect(text).toMatch(/^Medians of 2 runs on a machine\./);
    expect(text).toContain('**SecureConnect, Cassandra** was skipped');
    expect(text).not.toContain('| SecureConnect, Cassandra |');
    expect(section(alike)).not.toContain('skipped');
  });

  it('has the medians, and the median of the ratios within each run', () => {
    const text = section({
      'secureconnect-postgres': speeds(100, 900, 50),
      'socket.io': speeds(200, 1000, 500),
    });
    expect(cells(text, 'Normal', postgres)[0]).toBe('100');
    expect(cells(text, 'Normal', `${postgres} ÷ socket.io`)[0]).toBe('0.5 ×');
  });

  it('compares what is left without Redis with normal', () => {
    const slow = madeUpRun((state) =>
      state === 'normal' ? {} : { deliveriesPerSecond: 250, allMs: { p50: 3, p99: 40 } },
    );
    const text = section({ ...alike, 'secureconnect-postgres': [slow] });
    expect(cells(text, 'Redis killed', postgres)).toEqual([
      ...['250', '250', '250'],
      ...['3 / 40', '3 / 40', '3 / 40'],
    ]);
    expect(cells(text, 'Redis killed', `${postgres}, killed ÷ normal`)).toEqual([
      ...['0.25 ×', '0.25 ×', '0.25 ×'],
      ...['1.5 × / 10 ×', '1.5 × / 10 ×', '1.5 × / 10 ×'],
    ]);
  });

  it('shows which sockets messages do not reach, with a dash for a missing latency', () => {
    const never = { p50: Number.NaN, p99: Number.NaN };
    const deaf = madeUpRun(
      (state) => (state === 'normal' ? {} : { due: 90, missed: 50, farMs: never }),
      10_500,
    );
    const text = section({ ...alike, 'socket.io': [deaf] });
    expect(text).toContain('| socket.io, storing nothing | 10 | 44.4 % | 1 / 3 | – / – |');
    expect(text).toContain('ended a process of socket.io 10,500 ms after the kill');
    expect(text).toContain(`| ${postgres} | 500 | 100 % | 1 / 3 | 2 / 5 |`);
  });
});

describe('what was missed and doubled', () => {
  const usual = madeUpMeasurement({ missed: 1, doubled: 2, refused: 3, echoed: 4 });
  const run = (...measurements: ChatRun['measurements']): ChatRun => ({
    ...{ measurements, closed: 0, wouldHaveEndedAfterMs: Number.NaN },
  });

  it('is added up over all runs, with the warm-up counted as normal', () => {
    const warmUp = madeUpMeasurement({ state: 'warm-up', missed: 10 });
    const killed = madeUpMeasurement({ state: 'Redis killed', missed: 100 });
    const runs = [run(usual, warmUp), run(usual, killed)];
    expect(totalsOf(runs, 'normal')).toEqual({
      ...{ messages: 30, due: 270, missed: 12, doubled: 4, refused: 6, echoed: 8 },
    });
    expect(totalsOf(runs, 'Redis killed')).toMatchObject({ messages: 10, missed: 100 });
  });

  it('names the subjects whose sockets were closed', () => {
    expect(section(alike)).toMatch(/No socket was closed during the runs\.$/);
    const text = section({ ...alike, 'socket.io': [{ ...madeUpRun(), closed: 2 }, madeUpRun()] });
    expect(text).toMatch(/during the runs\*\*: 2 of socket\.io, storing nothing\.$/);
  });

  it('is shown for each state', () => {
    const text = section({ ...alike, 'secureconnect-postgres': [run(usual)] });
    const heading = 'Missed and duplicate deliveries, all runs';
    expect(cells(text, heading, `${postgres}, normal`)).toEqual(['10', '90', '1', '2', '4', '3']);
    expect(cells(text, heading, `${postgres}, Redis killed`)).toEqual(Array(6).fill('0'));
  });
});
