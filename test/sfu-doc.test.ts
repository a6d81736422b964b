import { liveKitSkipReason, sfuEnvironment, testLiveKit } from '@secureconnect/testkit';
import { it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

it.skipIf(liveKitSkipReason !== '')(
  `docs/sfu.md, Calling: each command prints what the page says${liveKitSkipReason}`,
  async () => {
    await using liveKit = await testLiveKit();
    await using stack = await startStack({
      ...sfuEnvironment(liveKit.port),
      SFU_URL: 'wss://livekit.example.com',
      SFU_API_URL: `http://127.0.0.1:${liveKit.port}`,
    });
    await using shell = openShell(root);
    await expectSectionHolds('docs/sfu.md', 'Calling', { stack, shell });
  },
);
