import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../src/signals/fingerprint.ts';
import { resourceText, type Signal } from '../src/signals/signal.ts';
import type { RemediationSink, RequestPosition } from '../src/signals/sink.ts';
import { cutSignal, draft, signal } from './sink-signals.ts';

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

    it('creates one request for a signal that is opened concurrently', async () => {
      const one = signal();
      const all = await Promise.all(Array.from({ length: 20 }, () => sink.open(draft(one))));
      expect(all.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      expect(all.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(19);
      expect(new Set(all.map((placed) => placed.name)).size).toBe(1);
      const listed = await sink.list(filter(one.name));
      expect(listed).toHaveLength(1);
      expect(listed[0]?.deduplication).toMatchObject({ isDuplicate: true, occurrenceCount: 20 });
    });

    it('returns everything that it was given', async () => {
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

    it('keeps the rest of a truncated alert, up to the maximum size of a delivery', async () => {
      const one = cutSignal();
      const { name } = await sink.open(draft(one));
      expect(await sink.find(name)).toMatchObject({
        signalName: one.name,
        namespace: one.namespace,
        severity: one.severity,
        firingTime: '9999-12-31T23:59:59.999Z',
        signalLabels: one.labels,
        signalAnnotations: one.annotations,
        providerData: one.providerData,
        originalPayload: one.originalPayload,
        cutFields: one.cutFields,
      });
      expect((await sink.open(draft(one))).name).toBe(name);
      expect((await sink.close(one.fingerprint, one.firingAt, new Date()))?.name).toBe(name);
      const storm = { id: randomUUID(), type: 'rate' } as const;
      const aggregated = await sink.aggregate(draft(one), storm);
      const found = await sink.find(aggregated.name);
      expect(found?.affectedResources).toEqual([resourceText(one)]);
    });

    it('counts a repeated signal, and none without an active request', async () => {
      const one = signal();
      expect(await sink.repeat(one, new Date())).toBeUndefined();
      const { name } = await sink.open(draft(one));
      const repeated = await sink.repeat(one, new Date());
      expect(repeated).toMatchObject({ name, outcome: 'duplicate' });
      await sink.close(one.fingerprint, long, new Date());
      expect(await sink.repeat(one, new Date())).toBeUndefined();
    });

    it('closes once, and refers from the next request to the closed one', async () => {
      const one = signal();
      const first = await sink.open(draft(one));
      const early = new Date('2026-01-01T11:00:00Z');
      expect(await sink.close(one.fingerprint, early, new Date())).toBeUndefined();
      expect((await sink.close(one.fingerprint, long, new Date()))?.name).toBe(first.name);
      expect(await sink.close(one.fingerprint, long, new Date())).toBeUndefined();
      const second = await sink.open(draft(one));
      expect(second).toMatchObject({ outcome: 'created' });
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
      expect(placed.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
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

    it('lists each resource of a storm, also where their names have colons', async () => {
      const { name } = signal();
      const storm = { id: randomUUID(), type: 'pattern' } as const;
      const pods = [
        { namespace: 'a', resource: { kind: 'Pod', name: 'b:Pod:c' } },
        { namespace: 'a:Pod:b', resource: { kind: 'Pod', name: 'c' } },
      ].map((about) => ({ ...about, fingerprint: fingerprintOf({ name, ...about }) }));
      for (const about of pods) await sink.aggregate(draft(signal({ name, ...about })), storm);
      const [request] = await sink.list(filter(name));
      expect(request).toMatchObject({
        stormAlertCount: 2,
        affectedResources: ['a:Pod:b:Pod:c', '::["a:Pod:b","Pod","c"]'],
      });
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
      expect((await sink.repeat(two, new Date()))?.storm).toEqual(storm);
      await sink.close(two.fingerprint, long, new Date());
      expect((await sink.find(request))?.status.overallPhase).toBe('Resolved');
    });

    it('takes a signal back into its storm, also in the millisecond of its first arrival', async () => {
      const { name } = signal();
      const storm = { id: randomUUID(), type: 'rate' } as const;
      const [stays, leaves] = ['a', 'b'].map((pod) =>
        signal({ name, resource: { kind: 'Pod', name: pod } }),
      ) as [Signal, Signal];
      const at = new Date('2026-01-01T12:00:02Z');
      const { name: request } = await sink.aggregate(draft(stays, at), storm);
      for (let time = 0; time < 3; time += 1) {
        const joined = await sink.aggregate(draft(leaves, at), storm);
        expect(joined).toMatchObject({ name: request, outcome: 'aggregated' });
        expect((await sink.close(leaves.fingerprint, long, at))?.name).toBe(request);
      }
      expect((await sink.find(request))?.status.overallPhase).toBe('Pending');
    });

    it('takes a signal that had left a storm into the next one, or gives it its own request', async () => {
      const one = signal();
      const storms = ['rate', 'pattern'] as const;
      const names: string[] = [];
      for (const type of storms) {
        names.push((await sink.aggregate(draft(one), { id: randomUUID(), type })).name);
        await sink.close(one.fingerprint, long, new Date());
      }
      const own = await sink.open(draft(one));
      expect(own).toMatchObject({ outcome: 'created', storm: undefined });
      expect(new Set([...names, own.name]).size).toBe(3);
      for (const name of names) {
        expect((await sink.find(name))?.status.overallPhase).toBe('Resolved');
      }
    });

    it.each(['its own request', 'the request of its storm'])(
      'keeps %s active when the end of an earlier firing comes late',
      async (which) => {
        const one = signal();
        const storm = { id: randomUUID(), type: 'rate' } as const;
        const place = (of: Signal) =>
          which === 'its own request' ? sink.open(draft(of)) : sink.aggregate(draft(of), storm);
        const { name } = await place(one);
        const afterwards = new Date('2026-01-01T14:00:00Z');
        // Its end was lost; it began again after that, and the end of before comes last.
        expect((await sink.repeat({ ...one, firingAt: afterwards }, new Date()))?.name).toBe(name);
        expect(await sink.close(one.fingerprint, long, new Date())).toBeUndefined();
        // What was on its way longer does not take it back.
        expect((await sink.repeat(one, new Date()))?.name).toBe(name);
        expect(await sink.close(one.fingerprint, long, new Date())).toBeUndefined();
        expect((await place({ ...one, firingAt: afterwards })).name).toBe(name);
        expect((await sink.find(name))?.status.overallPhase).toBe('Pending');
        expect((await sink.close(one.fingerprint, afterwards, new Date()))?.name).toBe(name);
        expect((await sink.find(name))?.status.overallPhase).toBe('Resolved');
      },
    );

    it('gives every signal one request while many open, aggregate and close it', async () => {
      const name = signal().name;
      const storm = { id: randomUUID(), type: 'rate' } as const;
      const members = Array.from({ length: 4 }, (_, pod) =>
        signal({ name, resource: { kind: 'Pod', name: `pod-${pod}` } }),
      );
      const doings = members.flatMap((one) => [
        () => sink.aggregate(draft(one), storm),
        () => sink.close(one.fingerprint, long, new Date()),
        () => sink.open(draft(one)),
        () => sink.aggregate(draft(one), storm),
      ]);
      await Promise.all(doings.map((doing) => doing()));
      const last = await Promise.all(members.map((one) => sink.aggregate(draft(one), storm)));
      const active = await sink.list({ ...filter(name), phase: 'Pending', limit: 50 });
      // Each is where its last delivery said, and nobody else is left anywhere.
      expect(new Set(active.map((request) => request.name))).toEqual(
        new Set(last.map((placed) => placed.name)),
      );
      for (const one of members) await sink.close(one.fingerprint, long, new Date());
      expect(await sink.list({ ...filter(name), phase: 'Pending' })).toEqual([]);
    });

    it('lists the newest first, page by page, by name and by phase', async () => {
      const name = signal().name;
      const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second));
      const opened: string[] = [];
      // Not in the order of time; two in the same moment.
      for (const second of [3, 1, 5, 5, 2]) {
        const pod = { kind: 'Pod', name: `pod-${opened.length}` };
        const one = signal({ name, resource: pod });
        opened.push((await sink.open(draft(one, at(second)))).name);
        if (second === 2) await sink.close(one.fingerprint, long, new Date());
      }
      const [three, one, five, alsoFive, two] = opened;
      const fives = [five, alsoFive].sort().reverse();
      const names: string[] = [];
      let after: RequestPosition | undefined;
      for (let page = 0; page < 5; page += 1) {
        const found = await sink.list({ ...filter(name), after, limit: 2 });
        names.push(...found.map((request) => request.name));
        const last = found.at(-1);
        if (last === undefined) break;
        after = { name: last.name, receivedAt: new Date(last.receivedTime) };
      }
      expect(names).toEqual([...fives, three, two, one]);
      const resolved = await sink.list({ ...filter(name), phase: 'Resolved' });
      expect(resolved.map((request) => request.name)).toEqual([two]);
      const pending = await sink.list({ ...filter(name), phase: 'Pending' });
      expect(pending.map((request) => request.name)).toEqual([...fives, three, one]);
      expect(await sink.list(filter(`${name},x=\\`))).toEqual([]);
    });

    it('removes requests closed before a time, in batches, and nothing else', async () => {
      const closedAt = new Date('2020-03-01T00:00:00Z');
      const early = new Date('2020-01-01T00:00:00Z');
      const name = signal().name;
      const pods = Array.from({ length: 7 }, (_, pod) => ({ kind: 'Pod', name: `pod-${pod}` }));
      const [open, late, ...old] = pods.map((resource) => signal({ name, resource })) as [
        Signal,
        Signal,
        ...Signal[],
      ];
      const storm = { id: randomUUID(), type: 'rate' } as const;
      const stormy = signal({ name, resource: { kind: 'Node', name: 'a' } });
      for (const one of [open, late, ...old]) await sink.open(draft(one, early));
      const { name: stormName } = await sink.aggregate(draft(stormy, early), storm);
      await sink.close(late.fingerprint, long, new Date('2020-03-03T00:00:00Z'));
      for (const one of [stormy, ...old]) await sink.close(one.fingerprint, long, closedAt);

      expect(await sink.purge(closedAt, 4)).toBe(0);
      const before = new Date('2020-03-02T00:00:00Z');
      expect(await sink.purge(before, 4)).toBe(4);
      expect(await sink.purge(before, 4)).toBe(2);
      expect(await sink.purge(before, 4)).toBe(0);
      expect(await sink.find(stormName)).toBeUndefined();
      const left = await sink.list(filter(name));
      expect(left.map((request) => request.signalFingerprint).sort()).toEqual(
        [open.fingerprint, late.fingerprint].sort(),
      );
      // Who fires again has a new request, which refers to nothing that is gone.
      for (const one of [stormy, ...old]) {
        const again = await sink.open(draft(one));
        expect(again).toMatchObject({ outcome: 'created' });
        const found = await sink.find(again.name);
        expect(found?.deduplication.previousRemediationRequestRef).toBeUndefined();
      }
      expect(await sink.repeat(open, new Date())).toMatchObject({ outcome: 'duplicate' });
    });

    it('removes old requests without losing a signal that fires in that moment', async () => {
      const closedAt = new Date('2019-03-01T00:00:00Z');
      const signals = Array.from({ length: 8 }, () => signal());
      for (const one of signals) {
        await sink.open(draft(one, new Date('2019-01-01T00:00:00Z')));
        await sink.close(one.fingerprint, long, closedAt);
      }
      const [, ...placed] = await Promise.all([
        sink.purge(new Date('2019-03-02T00:00:00Z'), 100),
        ...signals.map((one) => sink.open(draft(one))),
      ]);
      for (const [index, one] of signals.entries()) {
        const again = await sink.repeat(one, new Date());
        expect(again?.name).toBe(placed[index]?.name);
      }
    });

    it('answers', async () => {
      await expect(sink.check()).resolves.toBeUndefined();
    });

    it('leaves a signal that has a request of its own out of a storm', async () => {
      const one = signal();
      const { name } = await sink.open(draft(one));
      const storm = { id: randomUUID(), type: 'rate' } as const;
      expect(await sink.aggregate(draft(one), storm)).toMatchObject({ name, outcome: 'duplicate' });
      expect(await sink.list(filter(one.name))).toHaveLength(1);
    });
  });
}
