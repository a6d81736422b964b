import { eventually, type SentinelSet } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { killNodes, replicationOf, startNodes } from './redis-node.ts';
import type { Scenario } from './table.ts';

/** Something that happens to a set, in which no alert can be taken, and its end. */
export interface Outage {
  /** What the table calls it while it lasts, when it is over, and when the old master is back. */
  readonly rows: readonly [lasting: Scenario, over: Scenario, back?: Scenario];
  begin(set: SentinelSet): Promise<void>;
  /** Resolves when the sentinels have done what they can, where that does not end it. */
  settled?(set: SentinelSet): Promise<void>;
  /** Without it the sentinels end it. */
  end?(set: SentinelSet): Promise<void>;
  /** What was the master before comes back, and takes itself for one at first. */
  bringBack?(set: SentinelSet): Promise<void>;
}

/** A demoted master may take itself for one for eleven seconds. */
const demotion = { timeoutMs: 30_000, intervalMs: 100 };

async function isDemoted(set: SentinelSet): Promise<void> {
  await eventually(
    async () => expect(await replicationOf(set, 1)).toMatch(/role:slave[\s\S]*link_status:up/),
    demotion,
  );
}

/** Of the master: sentinels replace it by themselves. */
export const failovers: readonly Outage[] = [
  {
    rows: ['master killed, before failover', 'master killed, after failover', 'killed master back'],
    begin: (set) => killNodes(set, 1),
    async bringBack(set) {
      await set.startNode(1);
      await isDemoted(set);
    },
  },
  {
    rows: ['master frozen, before failover', 'master frozen, after failover', 'frozen master back'],
    begin: (set) => set.signal(1, 'SIGSTOP'),
    async bringBack(set) {
      await set.signal(1, 'SIGCONT');
      await isDemoted(set);
    },
  },
];

/** Those that last until servers are started again. */
export const losses: readonly Outage[] = [
  {
    rows: ['two replicas killed (no write quorum)', 'one of the two replicas back'],
    async begin(set) {
      await killNodes(set, 2, 3);
      await eventually(async () =>
        expect(await replicationOf(set, 1)).toContain('connected_slaves:0'),
      );
    },
    end: (set) => set.startNode(2),
  },
  {
    rows: ['master and a replica killed (no write quorum)', 'that replica back'],
    begin: (set) => killNodes(set, 1, 2),
    async settled(set) {
      // It is promoted, and alone: nothing that it took would be on a second server.
      await eventually(async () => expect(await replicationOf(set, 3)).toContain('role:master'), {
        timeoutMs: 20_000,
      });
    },
    end: (set) => set.startNode(2),
  },
  {
    rows: ['all three killed', 'all three back'],
    begin: (set) => killNodes(set, 1, 2, 3),
    async end(set) {
      await startNodes(set, 1, 2, 3);
    },
  },
];
