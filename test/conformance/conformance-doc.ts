import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

const path = join(import.meta.dirname, '../../docs/conformance.md');

/** docs/conformance.md: each part is written by a test of its own, which leaves the other as it is. */
export interface ConformanceDoc {
  /** Rows under the faults of Redis. */
  readonly redis: string;
  /** Rows under the faults of other dependencies. */
  readonly dependencies: string;
}

export const dependenciesHeading = '## Other dependencies';

export function splitDoc(text: string): ConformanceDoc {
  const at = text.indexOf(dependenciesHeading);
  if (at < 0) return { redis: text, dependencies: '' };
  return { redis: text.slice(0, at).replace(/\n+$/, '\n'), dependencies: text.slice(at) };
}

export async function readConformanceDoc(): Promise<ConformanceDoc> {
  return splitDoc(await readFile(path, 'utf8'));
}

/** Whether the document is written anew by this run (`--update`), not only compared. */
export function updatesDoc(): boolean {
  return expect.getState().snapshotState.snapshotUpdateState === 'all';
}

/** Compares the document with these parts, or writes it. The parts that are absent stay. */
export async function expectDoc(parts: Partial<ConformanceDoc>): Promise<void> {
  const { redis, dependencies } = { ...(await readConformanceDoc()), ...parts };
  await expect(`${redis}\n${dependencies}`).toMatchFileSnapshot(path);
}
