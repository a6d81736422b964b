import { it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

it.each(['Ringing', 'Signaling, frame by frame', 'ICE servers', 'Quality'])(
  'docs/calls.md, %s: each command prints what the page says',
  async (heading) => {
    await using stack = await startStack({
      STUN_URLS: 'stun:turn.example.com:3478',
      TURN_URLS: 'turn:turn.example.com:3478',
      TURN_SECRET: 'a TURN secret of the tests, long enough',
    });
    await using shell = openShell(root);
    await expectSectionHolds('docs/calls.md', heading, { stack, shell });
  },
);
