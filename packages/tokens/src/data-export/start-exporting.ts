import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import type { ExportList } from './export-list.ts';
import {
  claimPart,
  type ExportPart,
  finishPart,
  insertChunk,
  type PartAttempt,
  releaseLease,
  renewLease,
} from './export-part-rows.ts';
import { ExportText } from './export-text.ts';

export interface ExportingOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly part: ExportPart;
  /** What this service has of a user. */
  readonly listsOf: (userId: string) => readonly ExportList[];
}

const intervalMs = 1000;
/** A third of a lease, so that one lost renewal is harmless. */
const renewalMs = 20_000;
/** Maximum parts per turn. */
const maxPerTurn = 20;

const compress = promisify(gzip);

/**
 * Writes this service's part of the exports that were requested (docs/adr/0029). A part is written
 * from its beginning by one process at a time; if that ends, another one starts again when the lease
 * is over, and chunks of the first do not count. Returns what stops it.
 */
export function startExporting(options: ExportingOptions): () => Promise<void> {
  const { part, log } = options;
  const stopped = new AbortController();
  const run = (): Promise<void> => writeDue(options, stopped.signal);
  const stop = repeatEvery({ intervalMs, what: `exporting data (${part})`, log, run });
  return () => {
    stopped.abort();
    return stop();
  };
}

async function writeDue(options: ExportingOptions, stopped: AbortSignal): Promise<void> {
  const { database, part } = options;
  const failures: unknown[] = [];
  for (let turn = 0; turn < maxPerTurn && !stopped.aborted; turn += 1) {
    const attempt = await claimPart(database, part);
    if (attempt === undefined) break;
    try {
      await writePart(options, attempt, stopped);
    } catch (error) {
      // It is retried when its lease has ended; until then, the others are written.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Gives up without an error if the lease was lost: another process writes the part. */
async function writePart(
  { database, log, part, listsOf }: ExportingOptions,
  attempt: PartAttempt,
  stopped: AbortSignal,
): Promise<void> {
  let isHeld = true;
  // A long list may be read for minutes without a chunk.
  const stopRenewing = repeatEvery({
    intervalMs: renewalMs,
    what: 'renewing the lease of an export',
    log,
    run: async () => {
      isHeld = isHeld && (await renewLease(database, attempt));
    },
  });
  try {
    const text = new ExportText(listsOf(attempt.userId));
    let position = 0;
    for await (const chunk of text.chunks()) {
      if (stopped.aborted) return await releaseLease(database, attempt);
      isHeld = isHeld && (await insertChunk(database, attempt, position, await compress(chunk)));
      if (!isHeld) return;
      position += 1;
    }
    await finishPart(database, attempt, text.written());
    log.info({ export_id: attempt.exportId, part }, 'part of an export written');
  } finally {
    await stopRenewing();
  }
}
