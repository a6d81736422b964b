import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentedSection, root } from '../support/documented-section.ts';

const read = (name: string): Promise<string> => readFile(join(root, 'docs/examples', name), 'utf8');

it.each(['call.html', 'call.js', 'peer.js'])('docs/calls.md shows %s as it is', async (name) => {
  const section = await documentedSection('docs/calls.md', 'In a browser');
  const shown = [...section.matchAll(/^```(?:js|html)\n([\s\S]*?)^```$/gm)];
  expect(shown.map(([, code]) => code)).toContain(await read(name));
});

it('the complete page has sixty lines at most', async () => {
  expect((await read('call.html')).trimEnd().split('\n').length).toBeLessThanOrEqual(60);
});
