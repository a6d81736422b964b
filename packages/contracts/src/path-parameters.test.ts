import { expect, it } from 'vitest';
import { pathParametersOf } from './path-parameters.ts';

it('has a UUID for each id and a text for the rest', () => {
  const parameters = pathParametersOf('/v1/messages/:message_id/reactions/:emoji');
  const id = '3F0C9A52-8D1E-4B7A-9C36-5E2F71D804AB';
  expect(parameters?.parse({ message_id: id, emoji: '👍' })).toEqual({
    message_id: id.toLowerCase(),
    emoji: '👍',
  });
  expect(parameters?.safeParse({ message_id: 'x', emoji: '👍' }).success).toBe(false);
  expect(parameters?.safeParse({ message_id: id, emoji: '' }).success).toBe(false);
  expect(pathParametersOf('/v1/messages')).toBeUndefined();
});
