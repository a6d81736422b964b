import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../src/alerts/fingerprint.ts';
import type { Signal } from '../src/alerts/signal.ts';
import type { Draft, RemediationSink } from '../src/sinks/sink.ts';

/** A signal about a Pod, as something that nobody else has named. */
export function signal(more: Partial<Signal> = {}): Signal {
  const name = more.name ?? `Contract${randomUUID().slice(0, 8)}`;
  const namespace = 'payments';
  const resource = more.resource ?? { kind: 'Pod', name: 'checkout-1' };
  return {
    type: 'prometheus-alert',
    source: 'alertmanager',
    status: 'firing',
    name,
    severity: 'critical',
    namespace,
    resource,
    fingerprint: fingerprintOf({ name, namespace, resource }),
    occurrence: '1',
    firingAt: new Date('2026-01-01T12:00:00Z'),
    endedAt: undefined,
    labels: { alertname: name },
    annotations: { summary: 'it does not answer' },
    providerData: { receiver: 'secureconnect' },
    originalPayload: '{"odd":"\\u0000"}',
    ...more,
  };
}

export function draft(of: Signal, receivedAt = new Date()): Draft {
  const triage = { environment: 'prod', priority: 'P0', remediationPath: 'aggressive' } as const;
  return { signal: of, triage, receivedAt };
}

const long = new Date('2026-01-01T13:00:00Z');

/** What every sink must do; `open` gives the one to be judged. */
export function describeSink(name: string, open: () => Promise<RemediationSink>): void {
  describe(name, () => {
    let sink: RemediationSink;
    beforeAll(async () => {
      sink = await open();
    });

    const filter = (signalName: string) => ({
      phase: undefined,
      signalName,
      after: undefined,
      limit: 10,
    });

    it('makes one request for a signal that is opened by many at once', async () => {
      const one = signal();
      const all = await Promise.all(Array.from({ length: 20 }, () => sink.open(draft(one))));
      expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(all.filter(({ isDuplicate }) => isDuplicate)).toHaveLength(19);
      expect(new Set(all.map((placed) => placed.name)).size).toBe(1);
      const listed = await sink.list(filter(one.name));
      expect(listed).toHaveLength(1);
      expect(listed[0]?.deduplication).toMatchObject({ isDuplicate: true, occurrenceCount: 20 });
    });

    it('gives back everything that it was given', async () => {
      const one = signal();
      const receivedAt = new Date('2026-01-01T12:00:01.500Z');
      const { name } = await sink.open(draft(one, receivedAt));
      expect(name).toMatch(new RegExp(`^rr-${one.fingerprint.slice(0, 16)}-[a-z0-9-]+$`));
      expect(await sink.find(name)).toEqual({
        name,
        namespace: 'payments',
        signalFingerprint: one.fingerprint,
        signalName: one.name,
        severity: 'critical',
        environment: 'prod',
        priority: 'P0',
        remediationPath: 'aggressive',
        signalType: 'prometheus-alert',
        signalSource: 'alertmanager',
        targetType: 'kubernetes',
        firingTime: '2026-01-01T12:00:00.000Z',
        receivedTime: '2026-01-01T12:00:01.500Z',
        deduplication: {
          isDuplicate: false,
          firstSeen: '2026-01-01T12:00:01.500Z',
          lastSeen: '2026-01-01T12:00:01.500Z',
          occurrenceCount: 1,
        },
        isStorm: false,
        signalLabels: one.labels,
        signalAnnotations: one.annotations,
        providerData: one.providerData,
        originalPayload: one.originalPayload,
        status: { overallPhase: 'Pending' },
      });
      expect(await sink.find('rr-none')).toBeUndefined();
    });

    it('counts a repeated signal, and none that has no active request', async () => {
      const one = signal();
      expect(await sink.repeat(one.fingerprint, new Date())).toBeUndefined();
      const { name } = await sink.open(draft(one));
      const repeated = await sink.repeat(one.fingerprint, new Date());
      expect(repeated).toMatchObject({ name, isNew: false, isDuplicate: true });
      await sink.close(one.fingerprint, long, new Date());
      expect(await sink.repeat(one.fingerprint, new Date())).toBeUndefined();
    });

    it('closes once, and refers from the next request to the closed one', async () => {
      const one = signal();
      const first = await sink.open(draft(one));
      const early = new Date('2026-01-01T11:00:00Z');
      expect(await sink.close(one.fingerprint, early, new Date())).toBeUndefined();
      expect((await sink.close(one.fingerprint, long, new Date()))?.name).toBe(first.name);
      expect(await sink.close(one.fingerprint, long, new Date())).toBeUndefined();
      const second = await sink.open(draft(one));
      expect(second).toMatchObject({ isNew: true, isDuplicate: false });
      const found = await sink.find(second.name);
      expect(found?.deduplication.previousRemediationRequestRef).toBe(first.name);
      expect((await sink.find(first.name))?.status.overallPhase).toBe('Resolved');
    });

    it('puts the signals of a storm into one request, each once', async () => {
      const pods = ['a', 'b', 'c'].map((pod) => ({ kind: 'Pod', name: pod }));
      const name = signal().name;
      const storm = { id: randomUUID(), type: 'pattern' } as const;
      const members = pods.map((resource) => signal({ name, resource }));
      const placed = await Promise.all(
        [...members, ...members].map((one) => sink.aggregate(draft(one), storm)),
      );
      expect(new Set(placed.map((one) => one.name)).size).toBe(1);
      expect(placed.filter(({ isNew }) => isNew)).toHaveLength(1);
      const [request, ...others] = await sink.list(filter(name));
      expect(others).toEqual([]);
      expect(request).toMatchObject({
        isStorm: true,
        stormType: 'pattern',
        stormWindow: storm.id,
        stormAlertCount: 3,
      });
      expect([...(request?.affectedResources ?? [])].sort()).toEqual([
        'payments:Pod:a',
        'payments:Pod:b',
        'payments:Pod:c',
      ]);
    });

    it('closes a storm with its last signal', async () => {
      const name = signal().name;
      const storm = { id: randomUUID(), type: 'rate' } as const;
      const [one, two] = ['a', 'b'].map((pod) =>
        signal({ name, resource: { kind: 'Pod', name: pod } }),
      ) as [Signal, Signal];
      const { name: request } = await sink.aggregate(draft(one), storm);
      await sink.aggregate(draft(two), storm);
      await sink.close(one.fingerprint, long, new Date());
      expect((await sink.find(request))?.status.overallPhase).toBe('Pending');
      expect((await sink.repeat(two.fingerprint, new Date()))?.storm).toEqual(storm);
      await sink.close(two.fingerprint, long, new Date());
      expect((await sink.find(request))?.status.overallPhase).toBe('Resolved');
    });

    it('leaves a signal that has a request of its own out of a storm', async () => {
      const one = signal();
      const { name } = await sink.open(draft(one));
      const storm = { id: randomUUID(), type: 'rate' } as const;
      expect(await sink.aggregate(draft(one), storm)).toMatchObject({ name, isDuplicate: true });
      expect(await sink.list(filter(one.name))).toHaveLength(1);
    });
  });
}
