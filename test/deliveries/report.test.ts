import { expect, it } from 'vitest';
import { planDeliveries } from './plan.ts';
import { type Findings, faultsFound, reportLines } from './report.ts';

const plan = planDeliveries({ seed: '1', alerts: 10, deliveries: 20, resolved: 4 });
const told = plan.stories.reduce((sum, { later }) => sum + 1 + later.length, 0);
const sound: Findings = {
  run: {
    ...{ plan, history: [], accepted: 20 + told, crashes: new Map(), faults: [], errors: [] },
    ...{
      statuses: new Map([
        [201, 14],
        [503, 3],
        [0, 1],
      ]),
      seconds: 2,
    },
  },
  stored: { active: 10, fingerprints: 10, made: 14 },
  verdict: { fingerprints: 10, operations: 50, unknown: 4, refused: [], undecided: [] },
};

const brokenBy = (parts: Partial<Findings>) => faultsFound({ ...sound, ...parts });
const { run, stored, verdict } = sound;

it('a run in which each alert has one request is sound', () => {
  expect(faultsFound(sound)).toEqual([]);
  expect(reportLines(sound).join('\n')).toContain('no reply × 1, 201 × 14, 503 × 3');
});

it.each([
  ['a request too many', { stored: { ...stored, active: 11 } }, '11 active requests for 10'],
  ['an alert without one', { stored: { ...stored, fingerprints: 9 } }, '9 of 10 alerts have'],
  ['one that was closed and made again', { stored: { ...stored, made: 15 } }, '15 requests'],
  ['a delivery that was not accepted', { run: { ...run, accepted: 19 } }, '19 of '],
  ['a 429', { run: { ...run, statuses: new Map([[429, 2]]) } }, '429 was answered 2 times'],
  ['an error in a log', { run: { ...run, errors: ['oh no\n'] } }, 'a gateway logged: oh no'],
  [
    'a fingerprint that was no register',
    {
      verdict: {
        fingerprints: 1,
        operations: 1,
        unknown: 0,
        undecided: ['g'],
        refused: [{ fingerprint: 'f', part: [], unknown: 0 }],
      },
    },
    'f was no register:',
  ],
])('a run with %s is not', (_, parts, said) => {
  expect(brokenBy(parts)[0]).toContain(said);
  expect(verdict?.refused).toEqual([]);
});
