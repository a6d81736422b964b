import { monitorDependency } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { createMessageStoreMode } from './message-store-mode.ts';
import { MessageStoreUnavailable } from './message-store-unavailable.ts';

async function startedMode() {
  const mode = createMessageStoreMode('chat-service');
  const monitor = monitorDependency(mode, async () => undefined);
  await monitor.start();
  monitor.stop();
  return mode;
}

it('is down after three calls in a row that the store could not serve', async () => {
  const mode = await startedMode();
  for (const isUp of [true, true, false]) {
    mode.reportError(new MessageStoreUnavailable('away'));
    expect(mode.isAvailable()).toBe(isUp);
  }
});

it('stays up where calls between them are served', async () => {
  const mode = await startedMode();
  for (let number = 0; number < 9; number += 1) {
    mode.reportError(new MessageStoreUnavailable('away'));
    mode.availability.recordSuccess();
  }
  expect(mode.isAvailable()).toBe(true);
});

it('stays up for a message whose other attempt is under way, and for errors of requests', async () => {
  const mode = await startedMode();
  for (let number = 0; number < 9; number += 1) {
    expect(mode.reportError(new MessageStoreUnavailable('busy'))).toBeUndefined();
    expect(mode.reportError(new Error('not found'))).toBeUndefined();
  }
  expect(mode.isAvailable()).toBe(true);
});
