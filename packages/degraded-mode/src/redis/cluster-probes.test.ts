import { expect, it } from 'vitest';
import { createClusterProbes } from './cluster-probes.ts';

const slotCount = 16_384;
const healthy = `cluster_state:ok\r\ncluster_slots_assigned:${slotCount}\r\ncluster_slots_fail:0\r\n`;

/** A cluster whose masters, by how many there are, have equal shares of the slots. */
function clusterOf(masters: { count: number }) {
  return {
    reach: async () => undefined,
    masterOf: (slot: number) => `master-${Math.floor((slot * masters.count) / slotCount)}`,
    ask: async (_slot: number, name: string) => (name === 'cluster' ? healthy : ''),
    epochKey() {
      let kept: number | null = null;
      return {
        read: async () => (kept === null ? null : String(kept)),
        write: async (epoch: number) => {
          kept = epoch;
        },
      };
    },
    refresh: () => undefined,
  };
}

it('what probes a master ends when the master leaves, and only then', async () => {
  const masters = { count: 3 };
  const probed = new Map<string, number>();
  const ended: string[] = [];
  const probes = createClusterProbes({
    cluster: clusterOf(masters),
    epochKeyOf: (name) => name,
    alsoProbe: (name) => ({
      probe: async () => probed.set(name, (probed.get(name) ?? 0) + 1),
      end: () => ended.push(name),
    }),
  });
  await probes.full();
  await probes.full();
  expect([...probed.values()]).toEqual([2, 2, 2]);
  expect(ended).toEqual([]);

  masters.count = 1;
  await probes.full();
  expect(ended).toHaveLength(2);
  expect(ended.map((name) => probed.get(name))).toEqual([2, 2]);
  await probes.full();
  expect(ended).toHaveLength(2);
});
