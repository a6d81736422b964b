import type { Sql } from '@secureconnect/postgres';
import { findAuditHead } from '../stores/audit-chain.ts';
import { type StoredLink, storedLinks, unchainedEntries } from '../stores/audit-export.ts';
import { type ChainHead, chainHash, personalDigest } from './audit-chain.ts';

export interface AuditVerification {
  /** The end of the chain, up to which it was read. */
  readonly head: ChainHead;
  /** Entries whose personal parts are erased. */
  readonly erased: number;
  /** What is wrong, in words; empty if the log is intact. At most 100. */
  readonly faults: readonly string[];
}

const pageSize = 1000;
/** Maximum reported faults; reading stops there. */
const maxFaults = 100;

/**
 * Reads the whole audit log and compares it with its hash chain: finds an entry that was changed,
 * removed, added or moved since it was sealed.
 * @param anchor an earlier end of the chain, kept elsewhere: also finds a chain that was computed
 * anew, or cut off at its end together with its head
 */
export async function verifyAudit(sql: Sql, anchor?: ChainHead): Promise<AuditVerification> {
  const head = await findAuditHead(sql);
  const faults: string[] = [];
  let erased = 0;
  let previous: ChainHead = { sequence: 0, hash: Buffer.alloc(0) };
  while (previous.sequence < head.sequence && faults.length < maxFaults) {
    const links = await storedLinks(sql, previous.sequence, head.sequence, pageSize);
    for (const link of links) {
      faults.push(...faultsOf(link, previous), ...anchorFaults(link, anchor));
      if (link.entry !== undefined && link.personal === undefined) erased += 1;
      previous = link;
    }
    if (links.length === 0) break;
  }
  if (faults.length < maxFaults) {
    faults.push(...endFaults(previous, head, anchor));
    for (const entryId of await unchainedEntries(sql, maxFaults)) {
      faults.push(`entry ${entryId} is neither in the chain nor waiting for it`);
    }
  }
  return { head, erased, faults: faults.slice(0, maxFaults) };
}

function faultsOf(link: StoredLink, previous: ChainHead): string[] {
  const { sequence, entryId, entry, personal } = link;
  const name = `entry ${entryId} at place ${sequence}`;
  if (sequence !== previous.sequence + 1) {
    return [`places ${previous.sequence + 1} to ${sequence - 1} are missing in the chain`];
  }
  if (entry === undefined) return [`${name} is missing`];
  const faults: string[] = [];
  if (!chainHash(previous, entry).equals(link.hash)) {
    faults.push(`${name} is not the one that was sealed there`);
  }
  if (
    personal !== undefined &&
    !personalDigest(personal.salt, personal).equals(entry.personalDigest)
  ) {
    faults.push(`the personal parts of ${name} were changed`);
  }
  return faults;
}

function anchorFaults({ sequence, hash }: ChainHead, anchor: ChainHead | undefined): string[] {
  if (anchor?.sequence !== sequence || anchor.hash.equals(hash)) return [];
  return [`the chain at place ${sequence} is not that of the anchor`];
}

function endFaults(last: ChainHead, head: ChainHead, anchor: ChainHead | undefined): string[] {
  const faults: string[] = [];
  if (last.sequence !== head.sequence || !last.hash.equals(head.hash)) {
    faults.push(`the chain ends at place ${last.sequence}; its head says ${head.sequence}`);
  }
  if (anchor !== undefined && anchor.sequence > last.sequence) {
    faults.push(`the chain ends at place ${last.sequence}, before that of the anchor`);
  }
  return faults;
}
