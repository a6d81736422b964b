import { noteOutage } from '@secureconnect/postgres';
import { expect, it } from 'vitest';
import { noteRemedy } from './cause.ts';
import { createLogger } from './logger.ts';
import { databaseOutages, OutageLog } from './outage-log.ts';

/** A log of outages whose clock stands where the test puts it. */
function scene() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): unknown => lines.push(JSON.parse(line));
  const log = createLogger({ service: 'test', level: 'info', write });
  const clock = { now: 0 };
  const outages = new OutageLog({
    log,
    fields: { dependency: 'database' },
    now: () => clock.now,
  });
  return { lines, clock, outages, log };
}

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
  code: 'ECONNREFUSED',
});

it('tells once that something is away, and why, however often it fails', () => {
  const { lines, outages } = scene();
  for (let count = 0; count < 1000; count += 1) outages.failed(refused);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: 'warn',
    msg: 'dependency is unavailable',
    dependency: 'database',
    cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:5432' },
  });
  expect(outages.isFailing).toBe(true);
});

it('tells once that it is back, after how long, and how many failures were not logged', () => {
  const { lines, clock, outages } = scene();
  outages.worked();
  expect(lines).toEqual([]);
  for (const now of [0, 10, 20]) {
    clock.now = now;
    outages.failed(refused);
  }
  clock.now = 90_500.4;
  for (let count = 0; count < 10; count += 1) outages.worked();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({
    level: 'info',
    msg: 'dependency is available again',
    dependency: 'database',
    duration_ms: 90_500,
    suppressed: 2,
  });
  expect(outages.isFailing).toBe(false);
});

it('tells of what fails and works in turn no oftener than every ten seconds', () => {
  const { lines, clock, outages } = scene();
  for (let now = 0; now < 60_000; now += 10) {
    clock.now = now;
    outages.failed(refused);
    clock.now = now + 5;
    outages.worked();
  }
  expect(lines.map(({ msg }) => msg)).toEqual(
    Array.from({ length: 6 }, () => [
      'dependency is unavailable',
      'dependency is available again',
    ]).flat(),
  );
  // Nothing that was not told is forgotten.
  const told = lines.filter(({ suppressed }) => suppressed !== undefined);
  const suppressed = told.reduce((sum, line) => sum + Number(line['suppressed']), 0);
  expect(suppressed).toBeGreaterThan(4000);
});

function explained(code: string, remedy: string): Error {
  const error = Object.assign(new Error(`refused with ${code}`), { code });
  noteRemedy(error, remedy);
  return error;
}

it('tells of a different cause that an operator can end, once each', () => {
  const { lines, clock, outages } = scene();
  const away = explained('ECONNREFUSED', 'Start it.');
  const wrong = explained('28P01', 'Correct the password.');
  for (let now = 0; now < 120_000; now += 1000) {
    clock.now = now;
    outages.failed(now < 15_000 || now % 2000 === 0 ? away : wrong);
    outages.failed(refused);
  }
  outages.worked();
  expect(lines).toMatchObject([
    { cause: { code: 'ECONNREFUSED', remedy: 'Start it.' } },
    { cause: { code: '28P01', remedy: 'Correct the password.' } },
    { msg: 'dependency is available again', suppressed: 238 },
  ]);
});

it('tells once of the database for everything with the same log that needs it', () => {
  const { lines, log } = scene();
  const logs = ['the sweep failed', 'keys not refreshed'].map(
    (failedMessage) => new OutageLog({ log, fields: {}, failedMessage }),
  );
  const away = explained('ECONNREFUSED', 'Start it.');
  noteOutage(away);
  for (const each of [...logs, databaseOutages(log)]) each.failed(away);
  // As a check of something that is read from the database, and is too old for want of it.
  const check = new OutageLog({ log, fields: { dependency: 'revocations' } });
  check.failed(new Error('the copy is too old', { cause: away }));
  expect(logs.map(({ isFailing }) => isFailing)).toEqual([true, true]);
  expect(lines).toMatchObject([
    { msg: 'dependency is unavailable', dependency: 'database', what: 'the sweep failed' },
  ]);
  for (const each of [...logs, check]) each.worked();
  expect(lines.slice(1)).toMatchObject([
    { msg: 'dependency is available again', dependency: 'database', suppressed: 3 },
  ]);
});

it('shows where a mistake of the program is', () => {
  const { lines, outages } = scene();
  outages.failed(new TypeError('x is not a function'));
  expect(lines[0]).toMatchObject({
    level: 'error',
    err: { stack: expect.stringContaining('outage-log.test.ts') },
  });
});
