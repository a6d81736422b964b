import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOf, rememberServer } from './place.ts';

let home: string;
beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'place-')), 'kept');
});
afterEach(() => rm(join(home, '..'), { recursive: true }));

describe('the server of a command', () => {
  it('is that of --url, then of SECURECONNECT_URL, then of the last login, then this machine', async () => {
    const environment = { SECURECONNECT_HOME: home };
    expect((await placeOf(environment, undefined)).url).toBe('http://localhost:8080');
    await rememberServer(environment, await placeOf(environment, 'https://last.example.com'));
    expect((await placeOf(environment, undefined)).url).toBe('https://last.example.com');
    const more = { ...environment, SECURECONNECT_URL: 'https://set.example.com/' };
    expect((await placeOf(more, undefined)).url).toBe('https://set.example.com');
    expect((await placeOf(more, 'https://given.example.com')).url).toBe(
      'https://given.example.com',
    );
  });

  it('has a folder of its own, in the folder of the user', async () => {
    const { folder } = await placeOf({ HOME: '/ada' }, 'https://chat.example.com');
    expect(folder).toBe('/ada/.local/state/secureconnect/https%3A%2F%2Fchat.example.com');
  });

  it('is kept where only the user can read it', async () => {
    const environment = { SECURECONNECT_HOME: home };
    await rememberServer(environment, await placeOf(environment, 'https://last.example.com'));
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, 'server'))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['chat.example.com', 'expected an address such as https://chat.example.com'],
    ['ftp://chat.example.com', 'expected an address such as https://chat.example.com'],
    ['https://ada:secret@chat.example.com', '--url contains a user or a password'],
  ])('is not %s', async (url, message) => {
    await expect(placeOf({}, url)).rejects.toThrow(message);
  });
});
