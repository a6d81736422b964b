import { expect, test } from 'vitest';
import { allEndpoints, httpEndpoints } from './all.ts';

/** The groups of the documentation, in its order. */
const tags: readonly string[] = [
  ...['Sign-in', 'Account', 'Users', 'Friends', 'Keys', 'Administration'],
  ...['Conversations', 'Participants', 'Messages', 'Receipts', 'Presence'],
  'Calls',
  'Push',
  ...['Uploads', 'Objects', 'Files', 'Sharing'],
  'Sockets',
  'Signals',
  'Operation',
];

/** The values that several endpoints have, with the ids of those. */
function shared<E extends { readonly id: string }>(
  endpoints: readonly E[],
  keyOf: (endpoint: E) => string,
): Record<string, string[]> {
  const groups = Map.groupBy(endpoints, keyOf);
  const several = [...groups].filter(([, group]) => group.length > 1);
  return Object.fromEntries(several.map(([value, group]) => [value, group.map(({ id }) => id)]));
}

test('no two endpoints, sockets or frames have the same id', () => {
  expect(shared(allEndpoints, ({ id }) => id)).toEqual({});
});

test('no two endpoints have the same method and path, whatever their parameters are called', () => {
  expect(shared(httpEndpoints, ({ route }) => route.replaceAll(/:\w+/g, ':'))).toEqual({});
});

test.each(allEndpoints.map((endpoint) => [endpoint.id, endpoint] as const))(
  '%s has an action, a summary of one line without a period, and a known tag',
  (_id, { action, summary, tag }) => {
    expect(action).toMatch(/\S/);
    expect(summary).toMatch(/^\S.*[^.\s]$/);
    expect(tags).toContain(tag);
  },
);

test('every endpoint has a description of whole sentences that says more than its summary', () => {
  const isWhole = (text: string): boolean => /^[^a-z\s].*[.]$/.test(text);
  const without = allEndpoints.filter(
    ({ description, summary }) =>
      description === undefined || !isWhole(description) || description.startsWith(summary),
  );
  expect(without.map(({ id }) => id)).toEqual([]);
});

test('every tag has endpoints', () => {
  const used = new Set(allEndpoints.map(({ tag }) => tag));
  expect(tags.filter((tag) => !used.has(tag))).toEqual([]);
});
