import { expect, it } from 'vitest';
import { madeUp, operation } from './made-up.ts';
import { oneTimeKeys } from './one-time-keys.ts';

const taken = (device: string, keyId: number | null, status = 200) => {
  const key = keyId === null ? null : { key_id: keyId, public_key: 'x' };
  const devices = [{ device_id: device, one_time_pre_key: key }];
  return operation({ name: 'take keys', status, body: JSON.stringify({ data: { devices } }) });
};
const judge = (...operations: ReturnType<typeof taken>[]) =>
  oneTimeKeys.judge(madeUp({ operations }));

it('takes different keys, the same id of different devices, and none left', () => {
  const verdict = judge(
    taken('a', 1),
    taken('a', 2),
    taken('b', 1),
    taken('a', null),
    taken('a', null),
  );
  expect(verdict).toEqual({ broken: [], judged: 3, seen: '3 keys given out' });
});

it('finds a key that two users were given', () => {
  expect(judge(taken('a', 1), taken('a', 1)).broken.join()).toContain(
    'key 1 of device a was given out 2 times',
  );
});
