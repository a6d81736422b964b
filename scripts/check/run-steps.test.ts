import { expect, test } from 'vitest';
import { runSteps } from './run-steps.ts';
import type { Outcome, Step } from './step.ts';

const silent = { started: () => undefined, ended: () => undefined };

function step(name: string, run: () => Promise<Outcome>): Step {
  return { name, run };
}

const passes = () => Promise.resolve<Outcome>({ status: 'passed' });

test('a failing step does not keep the others from running', async () => {
  const reports = await runSteps(
    [
      step('one', () => Promise.resolve({ status: 'failed', output: 'wrong' })),
      step('two', passes),
    ],
    1,
    silent,
  );
  expect(reports.map(({ name, outcome }) => [name, outcome.status])).toEqual([
    ['one', 'failed'],
    ['two', 'passed'],
  ]);
});

test('a step that throws has failed, and says why', async () => {
  const [report] = await runSteps(
    [step('throws', () => Promise.reject(new Error('no such tool')))],
    2,
    silent,
  );
  expect(report?.outcome).toMatchObject({
    status: 'failed',
    output: expect.stringContaining('no such tool'),
  });
});

test('no more steps run at a time than asked for, and reports keep the order of the steps', async () => {
  const release = Promise.withResolvers<void>();
  let running = 0;
  let maxRunning = 0;
  const steps = ['a', 'b', 'c', 'd', 'e'].map((name) =>
    step(name, async () => {
      running += 1;
      maxRunning = Math.max(maxRunning, running);
      if (running === 2) release.resolve();
      await release.promise;
      running -= 1;
      return { status: 'passed' };
    }),
  );
  const reports = await runSteps(steps, 2, silent);
  expect(maxRunning).toBe(2);
  expect(reports.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
});
