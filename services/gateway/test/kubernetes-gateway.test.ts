import {
  eventually,
  ownKubernetesSkipReason,
  type TestKubernetes,
  testKubernetes,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alert, type Delivered, deliver, metric, resolved, webhook } from './deliver.ts';
import { signalsToken, startGateway, type TestGateway } from './harness.ts';
import { type KubernetesWorld, kubernetesWorld } from './kubernetes-world.ts';

interface Kept {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly signalName: string;
    readonly signalFingerprint: string;
    readonly deduplication: { readonly occurrenceCount: number };
  };
  readonly status: { readonly overallPhase: string };
}

describe.skipIf(ownKubernetesSkipReason !== '')(
  `A gateway on Kubernetes${ownKubernetesSkipReason}`,
  () => {
    const stack = new AsyncDisposableStack();
    let server: TestKubernetes;
    let world: KubernetesWorld;
    let gateways: readonly [TestGateway, TestGateway];
    beforeAll(async () => {
      server = stack.use(await testKubernetes());
      world = await kubernetesWorld(server, stack);
      const environment = {
        SIGNALS_SINK: 'kubernetes',
        SIGNALS_KUBERNETES_NAMESPACE: world.config.namespace,
        KUBECONFIG: world.config.kubeconfig,
      };
      const one = stack.use(await startGateway({ environment }));
      const other = stack.use(await startGateway({ environment, sharedWith: one }));
      gateways = [one, other];
      // The first objects of a kind take an API server seconds, during which senders are told to retry.
      for (const gateway of gateways) {
        const first = alert();
        await eventually(
          async () => expect((await deliver(gateway, webhook([first]))).status).toBeLessThan(300),
          { timeoutMs: 30_000 },
        );
      }
    }, 120_000);
    afterAll(() => stack.disposeAsync());

    /** What kubectl shows, of one alert. */
    async function kept(signalName: string): Promise<Kept[]> {
      const selector = `--field-selector=spec.signalName=${signalName}`;
      const list = await world.run(['get', 'remediationrequests', selector, '-o', 'json']);
      return (JSON.parse(list) as { items: Kept[] }).items;
    }

    const nameOf = (one: { labels: Readonly<Record<string, unknown>> }) =>
      String(one.labels['alertname']);

    it('creates an object for an alert, lists it, and resolves it', async () => {
      const [gateway] = gateways;
      const firing = alert({ severity: 'critical' });
      const first = await deliver(gateway, webhook([firing]));
      expect([first.status, first.body.status]).toEqual([201, 'created']);
      const [object, ...others] = await kept(nameOf(firing));
      expect(others).toEqual([]);
      expect(object?.metadata.name).toBe(first.body.remediationRequestName);
      expect(object?.spec.signalFingerprint).toBe(first.body.fingerprint);
      expect((await deliver(gateway, webhook([firing]))).body.status).toBe('duplicate');

      const headers = { authorization: `Bearer ${signalsToken}` };
      const path = `/api/v1/remediation-requests?alertname=${nameOf(firing)}&status=Pending`;
      const { data } = (await (await fetch(`${gateway.url}${path}`, { headers })).json()) as {
        data: { items: { name: string; deduplication: { occurrenceCount: number } }[] };
      };
      expect(data.items).toMatchObject([
        { name: object?.metadata.name, deduplication: { occurrenceCount: 2 } },
      ]);
      expect((await deliver(gateway, webhook([resolved(firing)]))).body.status).toBe('resolved');
      expect((await kept(nameOf(firing)))[0]?.status.overallPhase).toBe('Resolved');
    });

    it('has one object for each alert, under concurrent deliveries to two gateways', {
      timeout: 60_000,
    }, async () => {
      const alerts = Array.from({ length: 8 }, () => alert());
      const deliveries = alerts.flatMap((one) => [one, one, one, one]);
      const replies = await Promise.all(
        deliveries.map((one, turn) =>
          deliver(turn % 2 === 0 ? gateways[0] : gateways[1], webhook([one])),
        ),
      );
      // A delivery that waits too long for a different delivery of the same alert is told to retry.
      const statuses = new Set(replies.map(({ status }) => status));
      expect([...statuses].filter((status) => ![201, 202, 503].includes(status))).toEqual([]);
      for (const one of alerts) {
        await deliver(gateways[1], webhook([one]));
        expect(await kept(nameOf(one))).toHaveLength(1);
      }
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(8);
    });

    it('accepts the largest possible alert', async () => {
      const [gateway] = gateways;
      const quotes = '"'.repeat(4000);
      const labels = Object.fromEntries(
        Array.from({ length: 6 }, (_, n) => [`label_${n}`, quotes]),
      );
      const largest = alert({
        ...labels,
        alertname: `x,=\\${'é'.repeat(8100)}`,
        severity: 's'.repeat(8192),
      });
      const reply = await deliver(
        gateway,
        webhook([{ ...largest, startsAt: '9999-12-31T23:59:59-11:00' }]),
      );
      expect([reply.status, reply.body.status]).toEqual([201, 'created']);
      const firstYear = await deliver(
        gateway,
        webhook([alert({}, { startsAt: '0000-01-01T00:00:00+11:00' })]),
      );
      expect(firstYear.status).toBe(201);
    });

    const degradedMode =
      'dependency_degraded_mode{service="api-gateway",dependency="remediation_store"}';

    function expectRefused({ status, body, headers }: Delivered): void {
      expect([status, body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect(headers.get('retry-after')).toBe('5');
    }

    /** What a delivery meets while the API server cannot do its part, and after that. */
    async function refusedUntil(mend: () => Promise<unknown>, taken: object): Promise<void> {
      const [gateway] = gateways;
      const waiting = alert();
      // As many failures as make the store count as down.
      const delivery = webhook([taken, waiting, alert(), alert()]);
      const reason = 'gateway_requests_rejected_total{reason="store_unavailable"}';
      const before = await metric(gateway, reason);
      const startedAt = performance.now();
      expectRefused(await deliver(gateway, delivery));
      expect(performance.now() - startedAt).toBeLessThan(4000);
      // Probes see to the rest, where a busy machine makes time-outs unbelievable.
      await eventually(async () => expect(await metric(gateway, degradedMode)).toBe(1), {
        timeoutMs: 15_000,
      });
      const failed = await metric(gateway, 'gateway_crd_creation_errors_total');
      expectRefused(await deliver(gateway, delivery));
      // Refused by its row, before anything was tried.
      expect(await metric(gateway, 'gateway_crd_creation_errors_total')).toBe(failed);
      expect(await metric(gateway, reason)).toBe(before + 2);
      const health = (await (await fetch(`${gateway.url}/health`)).json()) as object;
      expect(health).toMatchObject({ status: 'ready', remediation_requests: 'unavailable' });
      expect((await fetch(`${gateway.url}/ready`)).status).toBe(200);
      await mend();
      const again = await accepted([taken, waiting]);
      const [known, made] = again.body.results?.map(({ status }) => status) ?? [];
      expect(known).toBe('duplicate');
      // A delivery that was refused late may have made it already.
      expect(made).toMatch(/^(created|duplicate)$/);
      expect(await kept(nameOf(waiting))).toHaveLength(1);
    }

    /** Delivers as a sender does: again, while the API server is not at its work yet. */
    function accepted(alerts: object[]) {
      return eventually(
        async () => {
          const reply = await deliver(gateways[0], webhook(alerts));
          expect(reply.status).not.toBe(503);
          return reply;
        },
        { timeoutMs: 20_000, intervalMs: 250 },
      );
    }

    async function takenAlert() {
      const taken = alert();
      await accepted([taken]);
      return taken;
    }

    it('refuses while it has no permission, and accepts the same delivery once it has', async () => {
      const taken = await takenAlert();
      const binding = await world.run([
        'get',
        'rolebinding',
        'secureconnect-gateway',
        '-o',
        'json',
      ]);
      await world.run(['delete', 'rolebinding', 'secureconnect-gateway']);
      await refusedUntil(() => world.run(['apply', '-f', '-'], binding), taken);
    });

    it('refuses while the API server is frozen, and accepts the same delivery after', {
      timeout: 60_000,
    }, async () => {
      const taken = await takenAlert();
      await server.freeze();
      await refusedUntil(() => server.thaw(), taken);
    });

    it('refuses while the API server is down, and accepts the same delivery after', {
      timeout: 60_000,
    }, async () => {
      const taken = await takenAlert();
      await server.kill();
      await refusedUntil(() => server.restart(), taken);
      const health = (await (await fetch(`${gateways[0].url}/health`)).json()) as object;
      expect(health).toMatchObject({ remediation_requests: 'ok' });
    });
  },
);
