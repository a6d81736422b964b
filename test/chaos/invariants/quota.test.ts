import { describe, expect, it } from 'vitest';
import { madeUp, operation } from './made-up.ts';
import { quota } from './quota.ts';

const granted = (fileId: string, fileBytes: number, startMs: number, user = 'ada') =>
  operation({
    ...{ name: 'upload url', startMs, user, facts: { fileBytes } },
    body: JSON.stringify({ data: { file_id: fileId } }),
  });
const deleted = (fileId: string, startMs: number) =>
  operation({ name: 'delete file', startMs, facts: { fileId } });

describe('a quota of 100 bytes', () => {
  it('may be spent, by everybody for themselves, and again after a deletion', () => {
    const operations = [
      granted('a', 60, 0),
      granted('b', 40, 20),
      granted('c', 100, 20, 'bob'),
      deleted('a', 40),
      deleted('a', 45),
      granted('d', 60, 60),
    ];
    const verdict = quota.judge(madeUp({ operations }));
    expect(verdict).toEqual({ broken: [], judged: 100, seen: '100 of 100 bytes granted at most' });
  });

  it('must not be granted twice, whatever is deleted later', () => {
    const operations = [granted('a', 60, 0), granted('b', 41, 20), deleted('a', 100)];
    const { broken } = quota.judge(madeUp({ operations }));
    expect(broken).toEqual(['ada has 101 of 100 bytes at 30 ms']);
  });

  it('must not be reported as overspent', () => {
    const body = JSON.stringify({ data: { used: 101, total: 100 } });
    const operations = [operation({ name: 'quota', body })];
    expect(quota.judge(madeUp({ operations })).broken).toHaveLength(1);
  });
});
