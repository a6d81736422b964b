import { randomUUID } from 'node:crypto';
import { kubernetesSkipReason, sharedKubernetes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stormFingerprintOf } from '../src/signals/fingerprint.ts';
import { activeOrNew } from '../src/signals/kubernetes/active-request.ts';
import { closeStrayStorms } from '../src/signals/kubernetes/purge-requests.ts';
import { claimSpec } from '../src/signals/kubernetes/signal-claim.ts';
import type { SinkParts } from '../src/signals/kubernetes/sink-parts.ts';
import type { Signal } from '../src/signals/signal.ts';
import type { RemediationSink } from '../src/signals/sink.ts';
import { type KubernetesWorld, kubernetesWorld } from './kubernetes-world.ts';
import { draft, signal, takingTurns } from './sink-signals.ts';

const later = new Date('2026-01-01T13:00:00Z');

/** Signals of one name, about as many Pods. */
function pods(count: number): Signal[] {
  const { name } = signal();
  return Array.from({ length: count }, (_, pod) =>
    signal({ name, resource: { kind: 'Pod', name: `pod-${pod}` } }),
  );
}

describe.skipIf(kubernetesSkipReason !== '')(
  `What is cut off half-way${kubernetesSkipReason}`,
  () => {
    const stack = new AsyncDisposableStack();
    let world: KubernetesWorld;
    let parts: SinkParts;
    let sink: RemediationSink;
    beforeAll(async () => {
      world = await kubernetesWorld(stack.use(await sharedKubernetes()), stack);
      parts = await world.openParts();
      sink = takingTurns([await world.openSink(), await world.openSink()]);
    });
    afterAll(() => stack.disposeAsync());

    const phaseOf = async (name: string) => (await sink.find(name))?.status.overallPhase;
    const storm = () => ({ id: randomUUID(), type: 'rate' as const });

    it('before its request: that is created under the claimed name, by one of many', async () => {
      const one = signal();
      const claimed = `rr-${one.fingerprint.slice(0, 16)}-claimed`;
      await parts.claims.create(one.fingerprint, { spec: claimSpec(draft(one), claimed) });
      expect(await sink.repeat(one, new Date())).toBeUndefined();
      expect(await sink.close(one.fingerprint, later, new Date())).toBeUndefined();
      const placed = await Promise.all([
        ...Array.from({ length: 5 }, () => sink.open(draft(one))),
        ...Array.from({ length: 5 }, () => sink.aggregate(draft(one), storm())),
      ]);
      expect(new Set(placed.map(({ name }) => name))).toEqual(new Set([claimed]));
      expect(placed.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      const listed = await sink.list({
        phase: 'Pending',
        signalName: one.name,
        after: undefined,
        limit: 50,
      });
      expect(listed.map(({ name }) => name)).toEqual([claimed]);
    });

    it('before a storm lists a signal: its next delivery lists it', async () => {
      const [first, cut] = pods(2) as [Signal, Signal];
      const { name } = await sink.aggregate(draft(first), storm());
      const spec = claimSpec(draft(cut), name, { membership: 'Open' });
      await parts.claims.create(cut.fingerprint, { spec });
      await sink.close(first.fingerprint, later, new Date());
      expect(await phaseOf(name)).toBe('Pending');
      expect(await sink.repeat(cut, new Date())).toMatchObject({ name });
      const request = await sink.find(name);
      expect(request?.affectedResources).toEqual(['payments:Pod:pod-0', 'payments:Pod:pod-1']);
      expect(request?.stormAlertCount).toBe(2);
      await sink.close(cut.fingerprint, later, new Date());
      expect(await phaseOf(name)).toBe('Resolved');
    });

    it('before a storm closes with its last signal: the next delivery closes it', async () => {
      const [only] = pods(1) as [Signal];
      const { name } = await sink.aggregate(draft(only), storm());
      const claim = await parts.claims.get(only.fingerprint);
      if (claim === undefined) throw new Error('there is no claim');
      await parts.claims.patch(claim, { spec: { membership: 'Closed' } });
      expect(await phaseOf(name)).toBe('Pending');
      expect(await sink.close(only.fingerprint, later, new Date())).toBeUndefined();
      expect(await phaseOf(name)).toBe('Resolved');
    });

    it('before any signal joined a storm: that is closed in time, and no other storm', async () => {
      const [one, other] = pods(2) as [Signal, Signal];
      const id = randomUUID();
      const fingerprint = stormFingerprintOf(one.name, id);
      const wanted = { fingerprint, draft: draft(one), storm: { id, type: 'rate' as const } };
      const { request } = await activeOrNew(parts, wanted);
      const { name: inUse } = await sink.aggregate(draft(other), storm());
      const { name } = request.metadata;
      await closeStrayStorms(parts, new Date());
      expect(await phaseOf(name)).toBe('Pending');
      await closeStrayStorms(parts, new Date(Date.now() + 3_600_000));
      expect([await phaseOf(name), await phaseOf(inUse)]).toEqual(['Resolved', 'Pending']);
    });

    it('a request that was deleted is created again while its signal fires', async () => {
      const one = signal();
      const { name } = await sink.open(draft(one));
      await world.run(['delete', 'remediationrequest', name]);
      expect(await sink.open(draft(one))).toMatchObject({ name, outcome: 'created' });
    });

    it('forty signals that join one storm concurrently are all listed', {
      timeout: 60_000,
    }, async () => {
      const members = pods(40);
      const one = storm();
      const lanes = Array.from({ length: 4 }, async (_, lane) => {
        for (const member of members.filter((_, index) => index % 4 === lane)) {
          await sink.aggregate(draft(member), one);
        }
      });
      await Promise.all(lanes);
      const [first] = members;
      if (first === undefined) throw new Error('nobody joined');
      const { name } = (await sink.repeat(first, new Date())) ?? { name: '' };
      const request = await sink.find(name);
      expect(request?.stormAlertCount).toBe(40);
      expect(new Set(request?.affectedResources).size).toBe(40);
    });

    it('a signal that joins while the last one leaves is in a request that is open', {
      timeout: 60_000,
    }, async () => {
      for (let round = 0; round < 20; round += 1) {
        const [leaving, joining] = pods(2) as [Signal, Signal];
        const one = storm();
        const { name } = await sink.aggregate(draft(leaving), one);
        // Listed already, so that its second joining has nothing to add.
        await sink.aggregate(draft(joining), one);
        await sink.close(joining.fingerprint, later, new Date());
        const [, placed] = await Promise.all([
          sink.close(leaving.fingerprint, later, new Date()),
          sink.aggregate(draft(joining), one),
        ]);
        expect(await phaseOf(placed.name)).toBe('Pending');
        if (placed.name !== name) expect(await phaseOf(name)).toBe('Resolved');
        await sink.close(joining.fingerprint, later, new Date());
        expect(await phaseOf(placed.name)).toBe('Resolved');
      }
    });
  },
);
