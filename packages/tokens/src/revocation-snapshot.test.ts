import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newIdentity, type Revocations, startRevocations } from '../test/revocations.ts';
import { RevocationSnapshot, snapshotOnly } from './index.ts';
import { unexpiredRevocations } from './revoked-tokens.ts';

let revocations: Revocations;
beforeAll(async () => {
  revocations = await startRevocations();
});
afterAll(() => revocations[Symbol.asyncDispose]());

describe('the snapshot', () => {
  it('knows a revoked token and a revoked session, and no others', async () => {
    const [byToken, bySession, ended, free] = Array.from({ length: 4 }, newIdentity);
    if (!byToken || !bySession || !ended || !free) throw new Error('too few');
    await revocations.revoke(byToken.tokenId);
    await revocations.revoke(bySession.sessionId);
    await revocations.revoke(ended.tokenId, -1);
    const snapshot = revocations.snapshot();
    expect(snapshot.stalenessSeconds()).toBe(Number.POSITIVE_INFINITY);
    await snapshot.start();
    expect([byToken, bySession, ended, free].map((one) => snapshot.holds(one))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(snapshot.stalenessSeconds()).toBeLessThan(5);
    expect(snapshot.revocations().map(({ id }) => id)).not.toContain(ended.tokenId);
  });

  it('knows the moment before which every token is refused', async () => {
    const before = { ...newIdentity(), issuedAtMs: Date.now() - 5000, degraded: true };
    const after = { ...newIdentity(), issuedAtMs: Date.now() + 60_000 };
    const snapshot = revocations.snapshot();
    await snapshot.start();
    expect([before, after].map((one) => snapshot.holds(one))).toEqual([false, false]);
    await revocations.database.execute('INSERT INTO auth.token_cutoff (not_before) VALUES (now())');
    await snapshot.refreshNow();
    expect([before, after].map((one) => snapshot.holds(one))).toEqual([true, false]);
    await revocations.database.execute('DELETE FROM auth.token_cutoff');
  });

  it('lets go of a revocation when the token has expired by itself', async () => {
    const soon = newIdentity();
    await revocations.revoke(soon.tokenId, 1);
    const snapshot = revocations.snapshot();
    await snapshot.start();
    expect(snapshot.holds(soon)).toBe(true);
    await eventually(() => expect(snapshot.holds(soon)).toBe(false));
    expect(snapshot.revocations().map(({ id }) => id)).not.toContain(soon.tokenId);
  });

  it('is renewed from SQL again and again, until it is stopped', async () => {
    const snapshot = revocations.snapshot({ refreshMs: 10 });
    await snapshot.start();
    const later = newIdentity();
    await revocations.revoke(later.sessionId);
    await eventually(() => expect(snapshot.holds(later)).toBe(true));
    snapshot.stop();
    const staleness = snapshot.stalenessSeconds();
    await eventually(() => expect(snapshot.stalenessSeconds()).toBeGreaterThan(staleness + 0.2));
  });

  it('ages while SQL cannot be read, keeps what it has, and says so once each way', async () => {
    const known = newIdentity();
    await revocations.revoke(known.tokenId);
    const snapshot = revocations.snapshot({ refreshMs: 10 });
    await snapshot.start();
    revocations.logLines.length = 0;
    await revocations.hide();
    await eventually(() => expect(snapshot.stalenessSeconds()).toBeGreaterThan(0.3));
    expect(snapshot.holds(known)).toBe(true);
    expect(revocations.logLines).toHaveLength(1);
    expect(revocations.logLines[0]).toContain('snapshot refresh failed');
    await revocations.show();
    await eventually(() => expect(snapshot.stalenessSeconds()).toBeLessThan(0.2));
    expect(revocations.logLines[1]).toContain('fresh again');
    snapshot.stop();
  });

  it('starts without SQL, knows that it knows nothing, and catches up', async () => {
    const known = newIdentity();
    await revocations.revoke(known.tokenId);
    await revocations.hide();
    const snapshot = revocations.snapshot({ refreshMs: 10 });
    await snapshot.start();
    expect(snapshot.stalenessSeconds()).toBe(Number.POSITIVE_INFINITY);
    await expect(snapshot.refreshNow()).rejects.toThrow('auth.revoked_tokens');
    await revocations.show();
    await eventually(() => expect(snapshot.holds(known)).toBe(true));
    snapshot.stop();
  });

  it('never goes back to a copy that was asked for earlier', async () => {
    const { database } = revocations;
    const first = Promise.withResolvers<void>();
    let asked = 0;
    const query: typeof database.query = async (text, values) => {
      const rows = await database.query<never>(text, values);
      asked += 1;
      // A copy asks twice: for revocations, and for the end of all sessions.
      if (asked <= 2) await first.promise;
      return rows;
    };
    const log = createLogger({ service: 'tokens', level: 'silent' });
    const snapshot = new RevocationSnapshot({ database: { ...database, query }, log });
    const slow = snapshot.refreshNow();
    await eventually(() => expect(asked).toBe(2));
    const user = newIdentity();
    await revocations.revoke(user.sessionId);
    await snapshot.refreshNow();
    first.resolve();
    await slow;
    expect(snapshot.holds(user)).toBe(true);
  });

  it('has a bound, and is refused rather than cut', async () => {
    for (let count = 0; count < 3; count += 1) await revocations.revoke(crypto.randomUUID());
    await expect(unexpiredRevocations(revocations.database, 2)).rejects.toThrow(
      'more than 2 unexpired revocations',
    );
  });
});

describe('the snapshot in place of Redis', () => {
  it('is renewed at once, and once for all who wait, when Redis has answered before', async () => {
    const snapshot = revocations.snapshot();
    await snapshot.start();
    snapshot.redisAnswered();
    const justRevoked = newIdentity();
    await revocations.revoke(justRevoked.sessionId);
    const reads = revocations.reads();
    const asked = Array.from({ length: 20 }, (_, index) =>
      snapshot.isRevoked(index % 2 === 0 ? justRevoked : newIdentity()),
    );
    const answers = await Promise.all(asked);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => index % 2 === 0));
    expect(revocations.reads()).toBe(reads + 1);
    await snapshot.isRevoked(newIdentity());
    expect(revocations.reads()).toBe(reads + 1);
    // The next outage begins after Redis has served again.
    snapshot.redisAnswered();
    await snapshot.isRevoked(newIdentity());
    expect(revocations.reads()).toBe(reads + 2);
  });

  it('counts as it is when SQL does not answer either', async () => {
    const known = newIdentity();
    await revocations.revoke(known.tokenId);
    const snapshot = revocations.snapshot();
    await snapshot.start();
    await revocations.hide();
    snapshot.redisAnswered();
    expect(await snapshot.isRevoked(known)).toBe(true);
    expect(await snapshot.isRevoked(newIdentity())).toBe(false);
    expect(snapshot.stalenessSeconds()).toBeGreaterThan(0);
    await revocations.show();
  });
});

describe('the check of a service without Redis', () => {
  it('is the snapshot, as long as that is young enough', async () => {
    const known = newIdentity();
    await revocations.revoke(known.tokenId);
    const snapshot = revocations.snapshot();
    const check = snapshotOnly(snapshot, 60);
    await expect(check.isRevoked(known)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      options: { retryAfterSeconds: 5 },
    });
    await snapshot.start();
    expect(await check.isRevoked(known)).toBe(true);
    expect(await check.isRevoked(newIdentity())).toBe(false);
    const impatient = snapshotOnly(snapshot, 0);
    await expect(impatient.isRevoked(known)).rejects.toMatchObject({ status: 503 });
  });
});
