import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentedSection, expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

it('docs/push.md, Registering a device: each command prints what the page says', async () => {
  // Empty: the hosts of the default.
  await using stack = await startStack({ WEB_PUSH_HOSTS: '' });
  await using shell = openShell(root);
  await expectSectionHolds('docs/push.md', 'Registering a device', { stack, shell });
});

it('docs/push.md shows the service worker as it is in the examples', async () => {
  const section = await documentedSection('docs/push.md', 'In a browser');
  const [, shown] = /<!-- push-worker\.js -->\n```js\n([\s\S]*?)```/.exec(section) ?? [];
  const file = join(root, 'services/video/examples/push-worker.js');
  expect(shown).toBe(await readFile(file, 'utf8'));
});
