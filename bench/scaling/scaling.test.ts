import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measuredCosts } from './costs.ts';
import { withScaling } from './document.ts';
import { figure } from './figures.ts';
import { planFor } from './plan.ts';
import { assumptions, defaultWorkload } from './workload.ts';

const page = [
  '<!-- one: written by `npm run bench:one` -->',
  '### GET',
  '| | CPU | memory |',
  '| --- | ---: | ---: |',
  '| ours | 141 µs | 1,278 MiB |',
  '### POST',
  '| | CPU | memory |',
  '| --- | ---: | ---: |',
  '| ours | 149 µs | 279 MiB |',
  '<!-- end of one -->',
].join('\n');

describe('a measured figure', () => {
  it('is read by its section, part, row and column', () => {
    const place = { section: 'one', row: 'ours', part: 'POST' };
    expect(figure({ ...place, column: 'CPU' }, page)).toBe(149);
    expect(figure({ ...place, part: 'GET', column: 'memory' }, page)).toBe(1278);
  });

  it.each([
    { section: 'two', row: 'ours', column: 'CPU' },
    { section: 'one', row: 'theirs', column: 'CPU' },
    { section: 'one', row: 'ours', column: 'size' },
  ])('that is not there is an error: $section, $row, $column', (place) => {
    expect(() => figure(place, page)).toThrow('docs/benchmarks.md has no');
  });
});

describe('a plan', () => {
  const costs = measuredCosts();

  it('has two instances of each for few users', () => {
    const plan = planFor(100, defaultWorkload, costs);
    const { gatewayInstances, chatInstances, authInstances, storageInstances } = plan;
    expect([gatewayInstances, chatInstances, authInstances, storageInstances]).toEqual([
      2, 2, 2, 2,
    ]);
  });

  it('has as many instances as processor time or sockets ask for', () => {
    const workload = { ...defaultWorkload, plannedLoad: 0.5, peakFactor: 1, socketsPerUser: 0.01 };
    // 86.4 million users with one request a day are a thousand requests a second.
    const quiet = { ...workload, requestsPerDay: 1, messagesPerDay: 0, signInsPerDay: 0 };
    const ofOneMs = { ...costs, gatewayRequestUs: 10_000 };
    // A thousand times 10 ms are ten cores, of which half is used.
    expect(planFor(86_400_000, quiet, ofOneMs).gatewayInstances).toBe(87);
    const none = { ...quiet, socketsPerUser: 1e-9 };
    expect(planFor(86_400_000, none, ofOneMs).gatewayInstances).toBe(20);
  });

  it('keeps the messages of so many days', () => {
    const { userBytes, messageBytes } = costs;
    const workload = { ...defaultWorkload, messagesPerDay: 2, keptDays: 3 };
    expect(planFor(10, workload, costs).databaseBytes).toBe(10 * (userBytes + 6 * messageBytes));
  });
});

it('docs/scaling.md has the tables of the figures as they are', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scaling.md'), 'utf8');
  const given = { workload: defaultWorkload, costs: measuredCosts() };
  expect(withScaling(text, given) === text, 'run `npm run scaling -- --write`').toBe(true);
});

it('the lines of docs/scaling.md compute a plan, and explain the assumptions', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scaling.md'), 'utf8');
  const lines = [...text.matchAll(/^npm run scaling -- ([^#\n]+)/gm)].map(
    ([, words = '']) => words,
  );
  const program = join(import.meta.dirname, '../scaling.ts');
  const [plan = '', help = ''] = lines.map((words) =>
    execFileSync(process.execPath, [program, ...words.trim().split(' ')], { encoding: 'utf8' }),
  );
  expect(lines.length).toBe(2);
  expect(plan).toContain('| at the busiest time | 250,000 users |');
  expect(plan).toContain('| messages that a user sends in a day | 60 |');
  for (const name of Object.keys(assumptions)) expect(help).toContain(`--${name}: `);
});
