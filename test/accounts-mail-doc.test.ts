import { afterAll, beforeAll, it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { type Stack, startStack } from './support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

/** The sections of docs/accounts.md whose flows need mails. */
it.each([
  'E-mail verification',
  'Changing the e-mail address',
  'Changing the password',
  'Resetting the password',
])('prints what docs/accounts.md says: %s', async (heading) => {
  await using shell = openShell(root);
  await expectSectionHolds('docs/accounts.md', heading, { stack, shell });
});
