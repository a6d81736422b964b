import { randomUUID } from 'node:crypto';
import type { KeyNotice } from '@secureconnect/contracts';
import { createLogger } from '@secureconnect/service';
import { LogLines } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { DeviceKeyNotices } from './key-notices.ts';

function listening(write?: (line: string) => void) {
  const sent: unknown[][] = [];
  const log = createLogger({ service: 'chat', level: 'warn', ...(write && { write }) });
  const chatSockets = { sendToSession: (...call: unknown[]) => void sent.push(call) };
  return { member: new DeviceKeyNotices({ chatSockets, log }), sent };
}

it('passes each notice on to the sockets of its device', () => {
  const { member, sent } = listening();
  const [user_id, at] = [randomUUID(), new Date().toISOString()];
  const devices = [randomUUID(), randomUUID()];
  const notices: KeyNotice[] = devices.map((device_id, one_time_keys) => ({
    ...{ user_id, device_id, one_time_keys, at },
  }));
  member.sendText(JSON.stringify({ notices }));
  expect(sent).toEqual(
    devices.map((device_id, one_time_keys) => [
      user_id,
      device_id,
      { type: 'keys_low', at, data: { device_id, one_time_keys } },
    ]),
  );
});

it('logs notices of a form that it does not know, and passes nothing on', () => {
  using lines = new LogLines();
  const { member, sent } = listening(lines.write);
  member.sendText(JSON.stringify({ notices: [{ device_id: 'x' }] }));
  expect(sent).toEqual([]);
  expect(lines.all.join('')).toContain('notices of keys not understood');
});
