import { openDatabase } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import { LogLines } from '@secureconnect/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { VerificationKeys } from './verification-keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

afterEach(() => vi.restoreAllMocks());

it('keys that could not be read are an outage of ours: 503, not 401', async () => {
  using lines = new LogLines();
  const log = createLogger({ service: 'test', level: 'info', write: lines.write });
  // Nobody listens there.
  const database = openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/none', maxConnections: 1 });
  const keys = new VerificationKeys({ database, log });
  await keys.start();
  keys.stop();
  expect(() => keys.find('any')).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  expect(lines.all.join('')).toContain('verification keys not refreshed');
  await database.close();
});

it('a copy is good for 60 s, in which an unknown key is nobody’s', async () => {
  using lines = new LogLines();
  const log = createLogger({ service: 'test', level: 'info', write: lines.write });
  const database = openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/none', maxConnections: 1 });
  vi.spyOn(database, 'query').mockResolvedValue([]);
  const keys = new VerificationKeys({ database, log });
  await keys.refreshNow();
  const takenAt = performance.now();
  expect(keys.find('any')).toBeUndefined();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(takenAt + 59_000);
  expect(keys.find('any')).toBeUndefined();
  clock.mockReturnValue(takenAt + 61_000);
  expect(() => keys.find('any')).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  await database.close();
});

it('of verified tokens the longest unused one is forgotten first', () => {
  const tokens = new VerifiedTokens(2);
  tokens.add('one', { sub: 'a' });
  tokens.add('two', { sub: 'b' });
  tokens.get('one');
  tokens.add('three', { sub: 'c' });
  expect([tokens.size, tokens.get('two'), tokens.get('one')]).toEqual([2, undefined, { sub: 'a' }]);
});

it('verified tokens that are used once are not kept', () => {
  const tokens = new VerifiedTokens(0);
  tokens.add('one', { sub: 'a' });
  expect([tokens.size, tokens.get('one')]).toEqual([0, undefined]);
});
