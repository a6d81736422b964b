import { type LoopbackServer, programSkipReason, startLoopbackServer } from './loopback-server.ts';

const names = ['prometheus-alertmanager', 'alertmanager'];

/** Why there is no Alertmanager for the tests; '' where there is one. */
export const alertmanagerSkipReason = programSkipReason(names);

export type AlertLabels = Readonly<Record<string, string>>;

/** An alert as Alertmanager's API takes it; without `endsAt` it fires on. */
export interface PostedAlert {
  readonly labels: AlertLabels;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** Where alerts go, and how soon. */
export interface TestReceiver {
  /** Alerts with the label `receiver` of this value go to it, all others to the first one. */
  readonly name: string;
  /** Webhooks; each is sent every group by itself. */
  readonly urls: readonly string[];
  /** The webhooks are told it as a bearer token. */
  readonly token?: string;
  readonly groupBy: readonly string[];
  /** Between two flushes of a group that has changed, or whose last one failed. */
  readonly groupIntervalSeconds: number;
  /** After so long what was delivered is delivered again. */
  readonly repeatIntervalSeconds: number;
}

/** What Alertmanager counts of a kind of receiver. */
export type NotificationMetric =
  | 'alertmanager_notifications_total'
  | 'alertmanager_notifications_failed_total'
  | 'alertmanager_notification_requests_total'
  | 'alertmanager_notification_requests_failed_total';

/** An Alertmanager of the test's own, in a process of its own. */
export interface TestAlertmanager extends LoopbackServer {
  /** Hands it alerts, as Prometheus does. */
  post(alerts: readonly PostedAlert[]): Promise<void>;
  /** The labels of what fires, as it knows. */
  active(): Promise<readonly AlertLabels[]>;
  /** What it counts of its webhooks. */
  counted(metric: NotificationMetric): Promise<number>;
}

/** Starts one, which takes about half a second. It waits 0.1 s for the first alerts of a group. */
export async function testAlertmanager(
  receivers: readonly [TestReceiver, ...TestReceiver[]],
): Promise<TestAlertmanager> {
  const server = await startLoopbackServer({
    names,
    config: configOf(receivers),
    arguments: ({ configFile, dataFolder, address }) => [
      `--config.file=${configFile}`,
      `--storage.path=${dataFolder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
  });
  const { url } = server;
  return {
    ...server,
    async post(alerts) {
      const reply = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!reply.ok)
        throw new Error(`Alertmanager answered ${reply.status}: ${await reply.text()}`);
    },
    async active() {
      const reply = await fetch(`${url}/api/v2/alerts?active=true`);
      const alerts = (await reply.json()) as { labels: AlertLabels }[];
      return alerts.map(({ labels }) => labels);
    },
    async counted(metric) {
      const text = await fetch(`${url}/metrics`).then((reply) => reply.text());
      const lines = text.split('\n').filter((line) => line.startsWith(`${metric}{`));
      const ours = lines.filter((line) => line.includes('integration="webhook"'));
      if (ours.length === 0) throw new Error(`Alertmanager has no metric ${metric} of webhooks`);
      // By reason, in later versions.
      return ours.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
  };
}

function configOf(receivers: readonly [TestReceiver, ...TestReceiver[]]): object {
  const [first, ...others] = receivers.map(routeOf);
  return {
    route: {
      ...first,
      routes: others.map((route) => ({ ...route, match: { receiver: route.receiver } })),
    },
    receivers: receivers.map(({ name, urls, token }) => ({
      name,
      webhook_configs: urls.map((url) => ({
        url,
        ...(token === undefined
          ? {}
          : { http_config: { authorization: { type: 'Bearer', credentials: token } } }),
      })),
    })),
  };
}

function routeOf(receiver: TestReceiver) {
  return {
    receiver: receiver.name,
    group_by: receiver.groupBy,
    group_wait: '100ms',
    group_interval: `${receiver.groupIntervalSeconds}s`,
    repeat_interval: `${receiver.repeatIntervalSeconds}s`,
  };
}
