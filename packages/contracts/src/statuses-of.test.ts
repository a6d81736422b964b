import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint, socket } from './endpoint.ts';
import { statusesOf } from './statuses-of.ts';

const described = {
  route: 'POST /v1/notes',
  id: 'createNote',
  action: 'notes',
  tag: 'Notes',
  summary: 'Create a note',
  auth: 'none',
  errors: [],
} as const;
const reply = z.object({});
const otherReplies = { 201: { description: 'Created.' }, 304: { description: 'Known.' } };
const always = [400, 429, 500, 503];

const statuses = (...args: Parameters<typeof statusesOf>): number[] =>
  [...statusesOf(...args)].toSorted((a, b) => a - b);

describe('the statuses of an endpoint', () => {
  test('are 200 and what any request may be refused with', () => {
    expect(statuses(endpoint({ ...described, reply }))).toEqual([200, ...always]);
    expect(statuses(endpoint(described))).toEqual([200, ...always]);
  });

  test('have the declared status in place of 200', () => {
    expect(statuses(endpoint({ ...described, reply, status: 201 }))).toEqual([201, ...always]);
  });

  test('have those of other replies, beside its own reply or in place of it', () => {
    const beside = endpoint({ ...described, reply, otherReplies });
    expect(statuses(beside)).toEqual([200, 201, 304, ...always]);
    const inPlace = endpoint({ ...described, otherReplies });
    expect(statuses(inPlace)).toEqual([201, 304, ...always]);
  });

  test('have those of its errors', () => {
    const refusing = endpoint({ ...described, reply, errors: ['NOT_FOUND', 'ACCOUNT_LOCKED'] });
    expect(statuses(refusing)).toEqual([200, 400, 404, 423, 429, 500, 503]);
  });

  test.each(['bearer', 'signals_token'] as const)('have 401 with auth: %s', (auth) => {
    expect(statuses(endpoint({ ...described, reply, auth }))).toEqual([
      200, 400, 401, 429, 500, 503,
    ]);
  });

  test('have 413 and 415 with a body', () => {
    const withBody = endpoint({ ...described, reply, body: z.object({}) });
    expect(statuses(withBody)).toEqual([200, 400, 413, 415, 429, 500, 503]);
  });
});

test('an upgrade switches protocols, and refuses web pages of other origins', () => {
  const { route: _route, ...rest } = described;
  const path = socket({ ...rest, route: 'WS /v1/ws', errors: ['NOT_FOUND'] });
  expect(statuses(path)).toEqual([101, 400, 403, 404, 429, 500, 503]);
});
