import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepLastStop, unseenLastStop } from './last-stop.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'last-stop-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each([
  'it got SIGHUP: its terminal or shell was closed',
  'its parent process ended',
  'its output cannot be written: write EPIPE',
])('the next start says that the last run stopped by: %s', (reason) => {
  keepLastStop(directory, reason);
  expect(unseenLastStop(directory)).toMatch(
    new RegExp(`^The last run stopped at \\d{4}-.*Z: ${reason}\\. To keep it running .*nohup`),
  );
});

test('what somebody at the terminal has seen is not said again', () => {
  expect(unseenLastStop(directory)).toBeUndefined();
  keepLastStop(directory, 'it got SIGINT, as by Ctrl-C');
  expect(unseenLastStop(directory)).toBeUndefined();
});
