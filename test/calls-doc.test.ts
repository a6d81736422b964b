import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleBlocks, normalized } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const root = join(import.meta.dirname, '..');
const doc = await readFile(join(root, 'docs/calls.md'), 'utf8');

it.each(['Ringing', 'ICE servers'])(
  'docs/calls.md, %s: each command prints what the page says',
  async (heading) => {
    const section = doc.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    const commands = consoleBlocks(section).flatMap((block) => block.commands);
    expect(commands.length).toBeGreaterThan(0);
    await using stack = await startStack({
      STUN_URLS: 'stun:turn.example.com:3478',
      TURN_URLS: 'turn:turn.example.com:3478',
      TURN_SECRET: 'a TURN secret of the tests, long enough',
    });
    await using shell = openShell(root);
    for (const { command, output } of commands) {
      const own = command.replaceAll('localhost:8080', new URL(stack.urls.gateway).host);
      expect(normalized(await shell.run(own)), command).toBe(normalized(output));
    }
  },
);
