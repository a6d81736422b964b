import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from './command.ts';

const root = join(import.meta.dirname, '../..');

test('a program that ends with 0 has passed', async () => {
  expect(await runCommand('node', ['-e', ''], { root })).toEqual({ status: 'passed' });
});

test('a program that fails has failed, with all that it printed and its exit code', async () => {
  const script = 'console.log("to stdout"); console.error("to stderr"); process.exit(3)';
  const outcome = await runCommand('node', ['-e', script], { root });
  expect(outcome).toMatchObject({ status: 'failed' });
  expect(outcome).toHaveProperty('output', expect.stringMatching(/to stdout[\s\S]*exit code 3$/));
  expect(outcome).toHaveProperty('output', expect.stringContaining('to stderr'));
});

test('a program that is not there is an error, not a pass', async () => {
  await expect(runCommand('no-such-program', [], { root })).rejects.toThrow('ENOENT');
});
