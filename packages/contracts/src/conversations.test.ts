import { expect, test } from 'vitest';
import { NewConversation, NewParticipants, ParticipantName } from './conversations.ts';
import { validationDetails } from './validation.ts';

const id = (digit: number) => `${digit}f0e0d0c-0b0a-4908-8706-050403020100`;

function faults(value: unknown) {
  const { error } = NewConversation.safeParse(value);
  return error === undefined ? [] : validationDetails(error);
}

test('a direct conversation has exactly one other participant', () => {
  expect(faults({ type: 'direct', participant_ids: [id(1)] })).toEqual([]);
  expect(faults({ type: 'direct', participant_ids: [id(1), id(1)] })).toEqual([]);
  expect(faults({ type: 'direct', participants: [{ username: 'ada' }] })).toEqual([]);
  expect(faults({ type: 'direct', participant_ids: [id(1), id(2)] })).toEqual([
    {
      field: 'body.participant_ids',
      message: 'expected exactly one other participant in a direct conversation',
    },
  ]);
});

test('participants are given either by id or by name', () => {
  const message = 'expected exactly one of participant_ids and participants';
  const expected = [{ field: 'body.participant_ids', message }];
  expect(faults({ type: 'group' })).toEqual(expected);
  expect(
    faults({ type: 'group', participant_ids: [id(1)], participants: [{ username: 'ada' }] }),
  ).toEqual(expected);
});

test('at most 256 participants are named', () => {
  const people = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ username: `user${index}` }));
  expect(NewParticipants.safeParse({ participants: people(256) }).success).toBe(true);
  expect(NewParticipants.safeParse({ participants: people(257) }).success).toBe(false);
});

test('a participant is named by exactly one of e-mail address and user name', () => {
  expect(ParticipantName.safeParse({}).success).toBe(false);
  expect(ParticipantName.safeParse({ email: 'a@b.co', username: 'ada' }).success).toBe(false);
  expect(ParticipantName.parse({ email: 'A@b.co' })).toEqual({ email: 'a@b.co' });
});

test('a bad id in a list is named by its index', () => {
  expect(faults({ type: 'group', participant_ids: [id(1), 'nope'] })).toEqual([
    { field: 'body.participant_ids[1]', message: 'expected a UUID' },
  ]);
});
