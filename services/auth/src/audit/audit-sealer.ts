import { randomUUID } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import { gauge, type Logger, repeatEvery, type ServiceMetrics } from '@secureconnect/service';
import {
  appendLinks,
  type ChainLink,
  leaseAuditHead,
  unsealedEntries,
  unsealedSeconds,
} from '../stores/audit-chain.ts';
import { type ChainedEntry, type ChainHead, chainHash } from './audit-chain.ts';

export interface AuditSealerDeps {
  readonly database: Database;
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
  /** Default 1000. */
  readonly intervalMs?: number;
}

/** Maximum entries per statement. */
const batchSize = 500;
/** Spares the other instances work; that the chain has one end is ensured by the appending itself. */
const leaseSeconds = 10;

/**
 * Adds recorded entries to the hash chain, in one instance at a time. Returns a function that stops
 * this.
 */
export function startAuditSealer(deps: AuditSealerDeps): () => Promise<void> {
  const { database, metrics, log, intervalMs = 1000 } = deps;
  const holder = randomUUID();
  let lagSeconds = 0;
  gauge(metrics, {
    name: 'auth_audit_unsealed_seconds',
    help: 'Age of the oldest entry of the audit log that is not in its hash chain',
    read: () => lagSeconds,
  });
  const run = async (): Promise<void> => {
    lagSeconds = await unsealedSeconds(database);
    if (lagSeconds > 0) await sealAuditEntries(database, holder);
    lagSeconds = await unsealedSeconds(database);
  };
  return repeatEvery({ intervalMs, what: 'sealing of the audit log', log, run });
}

/** Seals all entries that are recorded, unless another instance has the lease. */
export async function sealAuditEntries(database: Database, holder: string): Promise<void> {
  for (;;) {
    const head = await leaseAuditHead(database, holder, leaseSeconds);
    if (head === undefined) return;
    const entries = await unsealedEntries(database, batchSize);
    const isAppended = await appendLinks(database, head, linksFrom(head, entries));
    if (!isAppended || entries.length < batchSize) return;
  }
}

function linksFrom(head: ChainHead, entries: readonly ChainedEntry[]): ChainLink[] {
  let previous = head;
  return entries.map((entry) => {
    previous = { sequence: previous.sequence + 1, hash: chainHash(previous, entry) };
    return { ...previous, entryId: entry.entryId };
  });
}
