import { expect, it } from 'vitest';
import { accountIdOf } from './account-id.ts';
import type { Connection } from './connect.ts';

/** A server with so many accounts whose addresses begin with `zed`, and then that of `Zed`. */
function serverWith(others: number) {
  const accounts = [
    ...Array.from({ length: others }, (_, number) => `a${number}`),
    ...['Zed', 'zedekiah'],
  ].map((username, number) => ({ user_id: `id-${number}`, username, email: `zed${number}@x.y` }));
  const searches: string[] = [];
  const request = async (
    _route: string,
    { query }: { query: { search: string; limit: number; cursor?: string } },
  ) => {
    searches.push(query.search);
    const begin = Number(query.cursor ?? 0);
    const end = begin + query.limit;
    const next = end < accounts.length ? String(end) : null;
    return { users: accounts.slice(begin, end), next_cursor: next };
  };
  const { signal } = new AbortController();
  return {
    searches,
    idOf: (name: string) => accountIdOf(name, request as unknown as Connection['request'], signal),
  };
}

it('is that of the account with exactly this name, however many begin so', async () => {
  const { idOf, searches } = serverWith(250);
  expect(await idOf('ZED')).toBe('id-250');
  expect(searches).toEqual(['zed', 'zed', 'zed']);
  expect(await idOf('zed7@x.y')).toBe('id-7');
});

it('says that there is none, or that too many begin so', async () => {
  await expect(serverWith(3).idOf('ze')).rejects.toThrow('There is no account "ze"');
  const { idOf, searches } = serverWith(20_000);
  await expect(idOf('zed')).rejects.toThrow('The first 10000 accounts that begin with "zed"');
  expect(searches).toHaveLength(100);
});
