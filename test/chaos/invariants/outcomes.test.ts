import { describe, expect, it } from 'vitest';
import { declared } from '../declared.ts';
import type { Operation } from '../history.ts';
import { madeUp, operation, outage } from './made-up.ts';
import { outcomes } from './outcomes.ts';

const faults = [outage(0, 1000)];
const brokenBy = (given: Partial<Operation>, parts: Parameters<typeof madeUp>[0] = { faults }) =>
  outcomes.judge(madeUp({ operations: [operation(given)], ...parts })).broken;

const refused: Partial<Operation> = {
  name: 'login',
  status: 503,
  body: declared.login.refusal?.body ?? '',
  retryAfter: '5',
};

describe('the outcome of an operation', () => {
  it('is normal, or as its row declares', () => {
    expect(brokenBy({})).toEqual([]);
    expect(brokenBy({ degraded: 'rate-limit=local, revocations=snapshot' })).toEqual([]);
    expect(brokenBy(refused)).toEqual([]);
  });

  it.each([500, 404, 401, 403])('is never %i', (status) => {
    expect(brokenBy({ status })).toHaveLength(1);
  });

  it('is 503 only for a row that may refuse, word for word, and in an outage', () => {
    expect(brokenBy({ ...refused, name: 'profile' })).toHaveLength(1);
    expect(brokenBy({ ...refused, body: `${refused.body} ` })).toHaveLength(1);
    expect(brokenBy({ ...refused, retryAfter: '30' })).toHaveLength(1);
    expect(brokenBy({ ...refused, startMs: 5000 })).toHaveLength(1);
  });

  it('is 503 for an alert that is also in a concurrent delivery, or was in an outage', () => {
    const alert = { fingerprint: 'f', status: 'firing', startsAt: '' } as const;
    const held = operation({
      ...{ name: 'deliver alerts', status: 503, retryAfter: '1', startMs: 9000 },
      ...{ body: '{"error":{"code":"SERVICE_UNAVAILABLE"}}', facts: { alerts: [alert] } },
    });
    const judge = (operations: Operation[], parts: Parameters<typeof madeUp>[0] = {}) =>
      outcomes.judge(madeUp({ operations, ...parts })).broken;
    const other = (fingerprint: string) =>
      operation({ startMs: 9005, facts: { alerts: [{ ...alert, fingerprint }] } });
    expect(judge([held])).toHaveLength(1);
    expect(judge([held, other('g')])).toHaveLength(1);
    expect(judge([held, other('f')])).toEqual([]);
    expect(judge([held], { faults: [outage(0, 5000)] })).toEqual([]);
    expect(judge([{ ...held, retryAfter: '30' }, other('f')])).toHaveLength(1);
    expect(judge([{ ...held, name: 'login' }, other('f')])).toHaveLength(1);
  });

  it.each(['cannot be reached', 'did not answer in time'])(
    'is a database that %s only while the machine had no time',
    (words) => {
      const body = `{"error":{"message":"The database ${words}; try again."}}`;
      const waited = { status: 503, endMs: 2500, body };
      const span = { beginMs: 0, endMs: 2000, isLate: false, workedMs: 10 };
      expect(brokenBy(waited, {})).toHaveLength(1);
      expect(brokenBy(waited, { slow: [span] })).toEqual([]);
      expect(brokenBy(waited, { slow: [{ ...span, endMs: 1400 }] })).toHaveLength(1);
      expect(brokenBy(waited, { slow: [{ ...span, workedMs: 1500 }] })).toHaveLength(1);
      expect(brokenBy({ ...waited, body: '{}' }, { slow: [span] })).toHaveLength(1);
      const unopened = { name: 'open socket', status: 0, body: '', endMs: 2500 } as const;
      expect(brokenBy(unopened, { slow: [span] })).toEqual([]);
      expect(brokenBy(unopened, {})).toHaveLength(1);
      expect(brokenBy({ ...unopened, name: 'quota' }, { slow: [span] })).toHaveLength(1);
    },
  );

  it('is given up by its user only while the machine had no time', () => {
    const body = 'The operation was aborted due to timeout';
    const gone = { status: 0, body, startMs: 0, endMs: 5000 };
    const span = { beginMs: 0, endMs: 4000, isLate: true, workedMs: 10 };
    expect(brokenBy(gone, { slow: [span] })).toEqual([]);
    expect(brokenBy(gone, { slow: [{ ...span, endMs: 2000 }] })).toHaveLength(1);
    expect(brokenBy({ ...gone, body: '' }, { slow: [span] })).toHaveLength(1);
    expect(brokenBy({ ...gone, endMs: 1000 }, { slow: [span] })).toHaveLength(1);
  });

  it('names only what its row declares, and only in an outage', () => {
    expect(brokenBy({ degraded: 'presence=skip' })).toHaveLength(1);
    expect(brokenBy({ degraded: 'rate-limit=local', startMs: 5000 })).toHaveLength(1);
  });

  it('is that no instance was reached only while an instance of the service is restarted', () => {
    const restarts = [{ instance: 'auth-2', beginMs: 0, endMs: 100 }];
    const body = '{"error":{"message":"The auth service cannot be reached; try again."}}';
    const away = { status: 503, body, retryAfter: '2' };
    expect(brokenBy(away, { restarts })).toEqual([]);
    expect(brokenBy({ ...away, startMs: 5000 }, { restarts })).toHaveLength(1);
    expect(brokenBy({ ...away, name: 'quota' }, { restarts })).toHaveLength(1);
    expect(brokenBy({ ...away, retryAfter: '30' }, { restarts })).toHaveLength(1);
  });

  it('is no reply, 502 or 504 only while an instance of the service is restarted', () => {
    const restarts = [{ instance: 'auth-2', beginMs: 0, endMs: 100 }];
    for (const status of [0, 502, 504]) {
      expect(brokenBy({ status }, { restarts })).toEqual([]);
      expect(brokenBy({ status, startMs: 5000 }, { restarts })).toHaveLength(1);
      expect(brokenBy({ status, name: 'quota' }, { restarts })).toHaveLength(1);
    }
  });

  it('is no answer on a socket that closes with its session, and on no other', () => {
    const cut = (closedWith: number) =>
      operation({ name: 'send over socket', status: 0, startMs: 500, facts: { closedWith } });
    const logout = operation({ name: 'logout', startMs: 100 });
    const judge = (...operations: Operation[]) => outcomes.judge(madeUp({ operations })).broken;
    expect(judge(logout, cut(4403))).toEqual([]);
    expect(judge(cut(4403))).toHaveLength(1);
    expect(judge(logout, cut(1006))).toHaveLength(1);
  });

  it('is 429 only when enough was granted', () => {
    const limit = { name: 'upload-url', perMinute: 20, subject: 'ada' };
    const body = '{"error":"Rate limit exceeded","mode":"degraded"}';
    const over = operation({ limit, status: 429, body, startMs: 5000 });
    const granted = (count: number) => Array.from({ length: count }, () => operation({ limit }));
    const judge = (count: number) =>
      outcomes.judge(madeUp({ operations: [...granted(count), over] })).broken;
    expect(judge(7)).toEqual([]);
    expect(judge(6)).toHaveLength(1);
    expect(brokenBy({ status: 429, body })).toHaveLength(1);
  });

  it('comes within two seconds, beside what the machine had no time', () => {
    expect(brokenBy({ endMs: 2001 })).toHaveLength(1);
    const span = { beginMs: 500, endMs: 1000, isLate: true, workedMs: 10 };
    expect(brokenBy({ endMs: 2501 }, { slow: [span] })).toHaveLength(1);
    expect(brokenBy({ endMs: 2500 }, { slow: [span] })).toEqual([]);
    expect(brokenBy({ endMs: 2500 }, { slow: [{ ...span, workedMs: 400 }] })).toHaveLength(1);
  });
});
