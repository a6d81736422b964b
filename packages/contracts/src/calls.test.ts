import { expect, test } from 'vitest';
import { NewCall } from './calls.ts';

const id = (digit: number) => `${digit}f0e0d0c-0b0a-4908-8706-050403020100`;

test('a call is to one, two or three people, or to the whole conversation', () => {
  const call = { call_type: 'video', conversation_id: id(0) };
  expect(NewCall.parse(call)).toEqual(call);
  const accepted = [[], [id(1)], [id(1), id(2), id(3)], [id(1), id(2), id(3), id(4)]].map(
    (callee_ids) => NewCall.safeParse({ ...call, callee_ids }).success,
  );
  expect(accepted).toEqual([false, true, true, false]);
});

test('a call is audio or video', () => {
  expect(NewCall.safeParse({ call_type: 'hologram', conversation_id: id(0) }).success).toBe(false);
});
