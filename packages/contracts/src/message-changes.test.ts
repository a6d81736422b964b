import { expect, test } from 'vitest';
import { Forward, MessageEdit } from './message-changes.ts';

const id = (digit: number) => `${digit}f0e0d0c-0b0a-4908-8706-050403020100`;

test('an edit changes something, and keeps the metadata if it names none', () => {
  expect(MessageEdit.parse({ content: 'x' })).toEqual({ content: 'x' });
  expect(MessageEdit.parse({ content: 'x', metadata: {} })).toEqual({ content: 'x', metadata: {} });
  expect(MessageEdit.safeParse({ content: '' }).success).toBe(false);
  expect(MessageEdit.safeParse({ metadata: {} }).success).toBe(false);
});

test('a message is forwarded into 1 to 20 conversations, each once', () => {
  const accepted = [0, 1, 20, 21].map((count) => {
    const ids = Array.from({ length: count }, (_, index) => id(0).replace('0f', `${index + 10}`));
    return Forward.safeParse({ to_conversation_ids: ids }).success;
  });
  expect(accepted).toEqual([false, true, true, false]);
  const twice = { to_conversation_ids: [id(1), id(1)] };
  expect(Forward.parse(twice)).toEqual({ to_conversation_ids: [id(1)] });
});
