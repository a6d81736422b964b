import type { Operation } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { replyText } from './replies.ts';

interface Change {
  readonly atMs: number;
  readonly bytes: number;
}

/**
 * At no moment has a user been granted more than the quota: a grant counts from its reply on, a file
 * no longer counts from the moment on that its deletion was asked for.
 */
export const quota: Invariant = {
  name: 'a quota is never oversold',
  judge({ operations, quotaBytes }) {
    const broken: string[] = [];
    let most = 0;
    const byUser = Map.groupBy(
      operations.filter(({ name }) => name === 'upload url' || name === 'delete file'),
      ({ user }) => user,
    );
    for (const [user, own] of byUser) {
      let granted = 0;
      for (const { atMs, bytes } of changesOf(own)) {
        granted += bytes;
        most = Math.max(most, granted);
        if (granted <= quotaBytes) continue;
        broken.push(`${user} has ${granted} of ${quotaBytes} bytes at ${atMs.toFixed(0)} ms`);
      }
    }
    for (const { user, body, status } of operations.filter(({ name }) => name === 'quota')) {
      const { used, total } = status === 200 ? JSON.parse(body).data : { used: 0, total: 0 };
      if (used > total) broken.push(`${user} was told of ${used} used bytes of ${total}`);
    }
    return { broken, judged: most, seen: `${most} of ${quotaBytes} bytes granted at most` };
  },
};

function changesOf(operations: readonly Operation[]): Change[] {
  const sizes = new Map<string, number>();
  const changes: Change[] = [];
  for (const operation of operations) {
    if (operation.name !== 'upload url' || operation.status !== 200) continue;
    const bytes = operation.facts.fileBytes ?? 0;
    sizes.set(replyText(operation, 'file_id') ?? '', bytes);
    changes.push({ atMs: operation.endMs, bytes });
  }
  const freed = new Set<string>();
  for (const { name, startMs, facts } of operations) {
    const { fileId = '' } = facts;
    if (name !== 'delete file' || freed.has(fileId)) continue;
    freed.add(fileId);
    changes.push({ atMs: startMs, bytes: -(sizes.get(fileId) ?? 0) });
  }
  return changes.sort((a, b) => a.atMs - b.atMs || a.bytes - b.bytes);
}
