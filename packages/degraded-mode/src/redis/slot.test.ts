import { askRedis, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { slotOf } from './slot.ts';

it('a slot is the one that the server names, whatever braces a key has', async () => {
  await using server = await testRedis({ settings: ['cluster-enabled yes'] });
  const keys = ['', 'a', 'foo', '123456789', '{a}b', 'b{a}', 'a{}b', 'a{b', '}{', '{{a}}', 'ä€😀'];
  for (const key of keys) {
    const reply = await askRedis(server.port, `CLUSTER KEYSLOT "${key}"`);
    expect(`:${slotOf(key)}`, key).toBe(reply.trim());
  }
});
