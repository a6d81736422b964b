import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  eventually,
  type LoopbackServer,
  programSkipReason,
  startLoopbackServer,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { type Stack, signalsToken, startStack } from '../support/stack.ts';
import { alertmanagerFile, alertRules, readYaml } from './deployed.ts';

const run = promisify(execFile);
const names = ['prometheus-alertmanager', 'alertmanager'];
const withoutAmtool = programSkipReason(['amtool']);
const alertmanagerSkipReason = programSkipReason(names);

interface Webhook {
  readonly url: string;
  readonly max_alerts: number;
  readonly http_config: { readonly authorization: object };
}
interface Configuration {
  readonly route: object;
  readonly receivers: readonly {
    readonly name: string;
    readonly webhook_configs?: readonly Webhook[];
  }[];
}
const deployed = readYaml<Configuration>(alertmanagerFile);
const webhook = deployed.receivers.flatMap((receiver) => receiver.webhook_configs ?? [])[0];

describe.skipIf(withoutAmtool !== '')(`the configuration of Alertmanager${withoutAmtool}`, () => {
  it('is accepted by amtool', async () => {
    const { stdout } = await run('amtool', ['check-config', alertmanagerFile]);
    expect(stdout).toContain('SUCCESS');
  });

  it.each([
    ['PodCrashLooping', 'remediation'],
    ['HttpLatencyHigh', 'remediation'],
    ['GatewayServiceUnavailableRateHigh', 'people,remediation'],
    ['RedisDegradedMode', 'people,remediation'],
    ['ServiceMissing', 'people,remediation'],
    ['PostgresConnectionsNearLimit', 'people,remediation'],
  ])('routes %s to %s', async (alertname, receivers) => {
    const values = ['config', 'routes', 'test', `--config.file=${alertmanagerFile}`];
    const { stdout } = await run('amtool', [...values, `alertname=${alertname}`]);
    expect(stdout.trim()).toBe(receivers);
  });
});

describe.skipIf(alertmanagerSkipReason !== '')(
  `an Alertmanager with it${alertmanagerSkipReason}`,
  () => {
    it('delivers the maximum of alerts at once to the gateway, and their end', {
      timeout: 60_000,
    }, async () => {
      await using parts = new AsyncDisposableStack();
      const stack = parts.use(await startStack());
      const alertmanager = await startWith(stack, parts);
      const alerts = Array.from({ length: webhook?.max_alerts ?? 0 }, (_, index) => longest(index));
      expect(alerts.length).toBe(50);

      await post(alertmanager, alerts);
      await eventually(async () => expect(await counted(stack)).toBe(50), { timeoutMs: 20_000 });
      expect(await refused(stack)).toBe(0);
      expect(await requests(stack, 'status=Pending')).toBeGreaterThan(0);
      // Which the rule AlertmanagerDeliveriesFail counts.
      const own = await fetch(`${alertmanager.url}/metrics`).then((reply) => reply.text());
      expect(own).toMatch(
        /^alertmanager_notifications_failed_total\{.*integration="webhook".*\} 0$/m,
      );

      const endsAt = new Date().toISOString();
      await post(
        alertmanager,
        alerts.map((alert) => ({ ...alert, endsAt })),
      );
      await eventually(async () => expect(await requests(stack, 'status=Pending')).toBe(0), {
        timeoutMs: 20_000,
      });
      expect(await refused(stack)).toBe(0);
    });
  },
);

/** The deployed configuration; only where the gateway and the token are, and the waits, are the test's. */
async function startWith(stack: Stack, parts: AsyncDisposableStack): Promise<LoopbackServer> {
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-alertmanager-'));
  parts.defer(() => rm(folder, { recursive: true }));
  const tokenFile = join(folder, 'signals-token');
  await writeFile(tokenFile, signalsToken, { mode: 0o600 });
  const hook = JSON.parse(
    JSON.stringify(webhook)
      .replace('http://api-gateway:8080', stack.urls.gateway)
      .replace('/run/secrets/signals-token', tokenFile),
  );
  const config = {
    ...deployed,
    route: { ...deployed.route, group_wait: '1s', group_interval: '1s' },
    receivers: deployed.receivers.map(({ name, webhook_configs }) =>
      webhook_configs === undefined ? { name } : { name, webhook_configs: [hook] },
    ),
  };
  const server = await startLoopbackServer({
    names,
    config,
    arguments: ({ configFile, dataFolder, address }) => [
      `--config.file=${configFile}`,
      `--storage.path=${dataFolder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
  });
  return parts.use(server);
}

/** An alert as large as our largest: the texts of its rule, and its expression in a link. */
function longest(index: number): { labels: object; annotations: object; generatorURL: string } {
  const size = (rule: (typeof rules)[number]) => JSON.stringify(rule).length;
  const rules = alertRules();
  const [rule] = rules.sort((a, b) => size(b) - size(a));
  if (rule === undefined) throw new Error('there are no rules');
  const place = {
    namespace: 'secureconnect',
    service: 'api-gateway',
    instance: `10.0.0.${index}:8080`,
  };
  return {
    labels: { alertname: rule.alert, ...place, ...rule.labels },
    annotations: rule.annotations,
    generatorURL: `http://prometheus:9090/graph?g0.expr=${encodeURIComponent(rule.expr)}&g0.tab=1`,
  };
}

async function post(alertmanager: LoopbackServer, alerts: readonly object[]): Promise<void> {
  const reply = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  expect(reply.status, await reply.text()).toBe(200);
}

async function sumOf(stack: Stack, metric: string): Promise<number> {
  const text = await fetch(`${stack.urls.gateway}/metrics`).then((reply) => reply.text());
  const lines = text.split('\n').filter((line) => line.startsWith(metric));
  expect(lines, metric).not.toEqual([]);
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

const counted = (stack: Stack): Promise<number> => sumOf(stack, 'gateway_alerts_received_total');
const refused = (stack: Stack): Promise<number> => sumOf(stack, 'gateway_requests_rejected_total');

async function requests(stack: Stack, query: string): Promise<number> {
  const reply = await fetch(`${stack.urls.gateway}/api/v1/remediation-requests?${query}`, {
    headers: { authorization: `Bearer ${signalsToken}` },
  });
  const { data } = (await reply.json()) as { data: { items: unknown[] } };
  return data.items.length;
}
