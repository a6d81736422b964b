import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { turnCredential } from './turn-credentials.ts';

const secret = 'a TURN secret of the tests, long enough';
const userId = 'c1d5a3f0-fe8c-41f0-9a2b-7d1e4b6c8a90';
const expiresAt = new Date('2026-01-01T12:00:00.999Z');
const idOf = (username: string): string | undefined => username.split(':')[1];

describe('a TURN credential', () => {
  it('is what another implementation computes', () => {
    // printf 1767268800:ZzxTcH4jgRZ0brrZUiFz9Q |
    //   openssl dgst -sha1 -hmac 'a TURN secret of the tests, long enough' -binary | base64
    expect(turnCredential(secret, userId, expiresAt)).toEqual({
      username: '1767268800:ZzxTcH4jgRZ0brrZUiFz9Q',
      password: 'AI9W6SHC8EnHO1yTFB3b+XVJfGc=',
    });
  });

  it('keeps its ID until the user or the secret is a different one', () => {
    const { username } = turnCredential(secret, userId, expiresAt);
    const renewed = turnCredential(secret, userId, new Date('2026-01-01T12:05:00Z'));
    expect(renewed.username).toBe(`1767269100:${idOf(username)}`);
    const others = [
      turnCredential(secret, randomUUID(), expiresAt),
      turnCredential(`${secret}!`, userId, expiresAt),
    ];
    const ids = [username, ...others.map((other) => other.username)].map(idOf);
    expect(new Set(ids).size).toBe(3);
  });

  it('has only characters that coturn takes, and not the id of the user', () => {
    for (let n = 0; n < 200; n += 1) {
      const { username } = turnCredential(secret, randomUUID(), expiresAt);
      expect(username).toMatch(/^1767268800:[\w-]{22}$/);
    }
  });
});
