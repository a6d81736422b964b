import { describe, expect, it } from 'vitest';
import type { Figures } from './names.ts';
import { type AlertsRun, alertsTables } from './tables.ts';

function figures(perSecond: number, p99Ms: number, refused = 0): Figures {
  return { perSecond, p50Ms: p99Ms / 2, p99Ms, refused };
}

function run(scale: number, refused = 0): AlertsRun {
  const all = (perSecond: number, p99Ms: number) => ({
    new: figures(perSecond * scale, p99Ms / scale),
    duplicate: figures(2 * perSecond * scale, p99Ms / scale, refused),
    storm: figures(perSecond * scale, p99Ms / scale),
  });
  return {
    'one gateway': all(100, 20),
    'two gateways': all(150, 30),
    'Express and SQL alone': all(400, 5),
  };
}

function lines(runs: readonly AlertsRun[]): string[] {
  return alertsTables({ runs, senders: 16, machine: 'a machine' }).split('\n');
}

describe('the tables of alerts', () => {
  it('have the medians of each receiver, and their ratios', () => {
    const rows = lines([run(1), run(2), run(4)]);
    expect(rows[0]).toBe('Medians of 3 runs with 16 senders on a machine.');
    expect(rows.filter((row) => /^\| (one|two|Express)/.test(row))).toEqual([
      '| one gateway | 200 | 400 | 200 | 5 / 10 | 5 / 10 | 5 / 10 |',
      '| two gateways | 300 | 600 | 300 | 7.5 / 15 | 7.5 / 15 | 7.5 / 15 |',
      '| Express and SQL alone | 800 | 1,600 | 800 | 1.25 / 2.5 | 1.25 / 2.5 | 1.25 / 2.5 |',
      '| one gateway ÷ Express and SQL alone | 0.25 × | 0.25 × | 0.25 × | 4 × / 4 × | 4 × / 4 × | 4 × / 4 × |',
      '| two gateways ÷ one gateway | 1.5 × | 1.5 × | 1.5 × | 1.5 × / 1.5 × | 1.5 × / 1.5 × | 1.5 × / 1.5 × |',
    ]);
  });

  it('say what was refused', () => {
    const rows = lines([run(1, 2)]);
    expect(rows[0]).toContain('1 run ');
    expect(rows.at(-1)).toBe('Refused deliveries, all runs: 6.');
  });
});
