import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { turnCredential } from './turn-credentials.ts';

const secret = 'a TURN secret of the tests, long enough';
const part = {
  callId: '3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab',
  userId: 'c1d5a3f0-fe8c-41f0-9a2b-7d1e4b6c8a90',
};
const expiresAt = new Date('2026-01-01T12:00:00.999Z');
const idOf = (username: string): string | undefined => username.split(':')[1];

describe('a TURN credential', () => {
  it('is what another implementation computes', () => {
    // printf 1767268800:4rRCwEBQN-o9HaINK7Tfng |
    //   openssl dgst -sha1 -hmac 'a TURN secret of the tests, long enough' -binary | base64
    expect(turnCredential(secret, part, expiresAt)).toEqual({
      username: '1767268800:4rRCwEBQN-o9HaINK7Tfng',
      password: 'OcFrpmA+zFpT4yqPT10kEpCjflU=',
    });
  });

  it('keeps its ID until the user, the call or the secret is a different one', () => {
    const { username } = turnCredential(secret, part, expiresAt);
    const renewed = turnCredential(secret, part, new Date('2026-01-01T12:05:00Z'));
    expect(renewed.username).toBe(`1767269100:${idOf(username)}`);
    const others = [
      turnCredential(secret, { ...part, userId: randomUUID() }, expiresAt),
      turnCredential(secret, { ...part, callId: randomUUID() }, expiresAt),
      turnCredential(`${secret}!`, part, expiresAt),
    ];
    const ids = [username, ...others.map((other) => other.username)].map(idOf);
    expect(new Set(ids).size).toBe(4);
  });

  it('has only characters that coturn takes, and neither the user nor the call', () => {
    for (let n = 0; n < 200; n += 1) {
      const any = { callId: randomUUID(), userId: randomUUID() };
      expect(turnCredential(secret, any, expiresAt).username).toMatch(/^1767268800:[\w-]{22}$/);
    }
  });
});
