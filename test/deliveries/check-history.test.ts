import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkerFolder, checkHistory, goSkipReason, refusalText } from './check-history.ts';
import type { Operation } from './history.ts';

const run = promisify(execFile);
const timeout = 180_000;
let clockUs = 0;

/** One after the other, each over before the next is called. */
function then(given: Partial<Operation>): Operation {
  clockUs += 10;
  return {
    ...{ client: 'sender-1', fingerprint: 'f', kind: 'fire', atMs: 1, outcome: 'created' },
    ...{ calledUs: clockUs, returnedUs: clockUs + 5 },
    ...given,
  };
}

const created = (name: string, atMs = 1) => then({ name, atMs });
const duplicate = (name: string) => then({ outcome: 'duplicate', name });
const resolved = (name: string, atMs = 2) =>
  then({ kind: 'resolve', outcome: 'resolved', name, atMs });
const notActive = (atMs = 2) => then({ kind: 'resolve', outcome: 'not_active', atMs });
const listed = (...names: string[]) => then({ kind: 'read', outcome: 'listed', names });

/** One that may happen at any later time, or never. */
function unknown(kind: 'fire' | 'resolve', atMs: number): Operation {
  const { returnedUs: _never, ...open } = then({ kind, atMs, outcome: 'unknown' });
  return open;
}

/** The outcomes of the offending part; none where the history is that of a register. */
async function offending(...history: Operation[]): Promise<string[]> {
  const { refused, undecided } = await checkHistory(history);
  expect(undecided).toEqual([]);
  return refused.flatMap(({ part }) => part.map(({ outcome }) => outcome));
}

describe.skipIf(goSkipReason !== '')(`the checker${goSkipReason}`, { timeout }, () => {
  it('accepts the history of a register, closed and opened again', async () => {
    const history = [
      ...[listed(), created('a'), duplicate('a'), listed('a'), resolved('a'), listed()],
      ...[notActive(), created('b', 3), notActive(2), duplicate('b'), listed('b')],
    ];
    expect(await checkHistory(history)).toEqual({
      ...{ fingerprints: 1, operations: 11, unknown: 0, refused: [], undecided: [] },
    });
  });

  it('judges each fingerprint separately', async () => {
    const other = { ...created('b'), fingerprint: 'g' };
    expect(await checkHistory([created('a'), other])).toMatchObject({
      ...{ fingerprints: 2, refused: [] },
    });
  });

  it.each([
    ['a lost alert', () => [created('a'), duplicate('a'), listed()], ['duplicate', 'listed']],
    [
      'a double creation',
      () => [created('a'), duplicate('a'), created('b')],
      ['duplicate', 'created'],
    ],
    ['two at once', () => [created('a'), listed('a', 'b')], ['listed']],
    [
      'a stale duplicate after the alert was resolved',
      () => [created('a'), duplicate('a'), resolved('a'), duplicate('a')],
      ['resolved', 'duplicate'],
    ],
    ['a duplicate of nothing', () => [duplicate('a')], ['duplicate']],
    [
      'a duplicate of another request',
      () => [created('a'), duplicate('b')],
      ['created', 'duplicate'],
    ],
    [
      'a name that comes back',
      () => [created('a'), resolved('a'), created('a')],
      ['resolved', 'created'],
    ],
    [
      'a late end of the time before, which closes what began since',
      () => [created('a'), resolved('a'), created('b', 3), resolved('b', 2)],
      ['created', 'resolved'],
    ],
    ['an alert that is not closed', () => [created('a'), notActive()], ['created', 'not_active']],
  ])('refuses %s, and names the shortest part that shows it', async (_, history, part) => {
    expect(await offending(...history())).toEqual(part);
  });

  it('lets operations that overlap come in any order, and no others', async () => {
    const first = created('a');
    const meanwhile = { ...duplicate('a'), calledUs: first.calledUs, returnedUs: first.calledUs };
    expect(await offending(meanwhile, first)).toEqual([]);
    const [early, late] = [duplicate('b'), created('b')];
    expect(await offending(early, late)).toEqual(['duplicate']);
  });

  it('lets an unknown operation happen at any later time, or never', async () => {
    expect(await offending(unknown('fire', 1), duplicate('a'), listed('a'))).toEqual([]);
    expect(await offending(unknown('fire', 1), created('a'), duplicate('a'))).toEqual([]);
    expect(await offending(unknown('fire', 1), listed(), listed(), duplicate('a'))).toEqual([]);
    expect(await offending(created('a'), unknown('resolve', 2), listed('a'), listed())).toEqual([]);
    expect(await offending(created('a'), unknown('resolve', 2), created('b'))).toEqual([]);
    const many = Array.from({ length: 60 }, () => unknown('fire', 1));
    expect(await offending(...many, created('a'), ...many, listed('a'))).toEqual([]);
  });

  it('lets it happen no earlier, no more than once, and not as something else', async () => {
    const [early, late] = [duplicate('a'), unknown('fire', 1)];
    expect(await offending(early, late)).toEqual(['duplicate']);
    const once = [unknown('fire', 1), duplicate('a'), resolved('a'), duplicate('b')];
    expect(await offending(...once)).toEqual(['duplicate', 'resolved', 'duplicate']);
    const closed = [created('a'), resolved('a'), unknown('fire', 1), duplicate('a')];
    expect(await offending(...closed)).toEqual(['resolved', 'duplicate']);
    const notSoLate = [created('a', 3), unknown('resolve', 2), listed()];
    expect(await offending(...notSoLate)).toEqual(['created', 'listed']);
  });

  it('names the fingerprint, and what happened, for people', async () => {
    const { refused } = await checkHistory([created('a'), unknown('fire', 1), listed()]);
    expect(refused.map(refusalText).join()).toMatch(
      /^f was no register:\n {2}\d+–\d+ µs sender-1: fire → created a\n.*listed \[\]\n {2}beside 1 /,
    );
  });

  it('says which line it cannot read', async () => {
    const odd = { ...created('a'), outcome: 'listed' as const };
    await expect(checkHistory([created('a'), odd])).rejects.toThrow(
      'line 2: outcome "listed" of fire; expected one of [created duplicate unknown]',
    );
  });

  it('is formatted, vetted, and agrees with an exhaustive search on small histories', async () => {
    const { stdout: unformatted } = await run('gofmt', ['-l', '.'], { cwd: checkerFolder });
    expect(unformatted).toBe('');
    await run('go', ['vet', './...'], { cwd: checkerFolder });
    const { stdout } = await run('go', ['test', '-count=1', './...'], { cwd: checkerFolder });
    expect(stdout).toMatch(/^ok\s/);
  });
});
