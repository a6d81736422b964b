import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentedSection, root } from '../support/documented-section.ts';

it.each(['call.js', 'peer.js'])('docs/calls.md shows %s as it is', async (name) => {
  const section = await documentedSection('docs/calls.md', 'In a browser');
  const shown = [...section.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  expect(shown).toContain(await readFile(join(root, 'docs/examples', name), 'utf8'));
});
