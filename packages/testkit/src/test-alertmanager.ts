import { type LoopbackServer, programSkipReason, startLoopbackServer } from './loopback-server.ts';

const names = ['prometheus-alertmanager', 'alertmanager'];

/** Why tests with Alertmanager are skipped; '' if they can run. */
export const alertmanagerSkipReason = programSkipReason(names);

export type AlertLabels = Readonly<Record<string, string>>;

/** An alert for Alertmanager's API; without `endsAt` it keeps firing. */
export interface PostedAlert {
  readonly labels: AlertLabels;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** A receiver of alerts, and its intervals. */
export interface TestReceiver {
  /** Alerts with this value of the label `receiver` go here; others go to the first receiver. */
  readonly name: string;
  /** Webhooks; each one gets every group. */
  readonly urls: readonly string[];
  /** Bearer token for the webhooks. */
  readonly token?: string;
  readonly groupBy: readonly string[];
  /** The interval of flushes of a group that has changed, or whose last flush failed. */
  readonly groupIntervalSeconds: number;
  /** The interval after which delivered alerts are delivered again. */
  readonly repeatIntervalSeconds: number;
}

/** Alertmanager's counters per kind of receiver. */
export type NotificationMetric =
  | 'alertmanager_notifications_total'
  | 'alertmanager_notifications_failed_total'
  | 'alertmanager_notification_requests_total'
  | 'alertmanager_notification_requests_failed_total';

/** A test's own Alertmanager. */
export interface TestAlertmanager extends LoopbackServer {
  /** Posts alerts, like Prometheus. */
  post(alerts: readonly PostedAlert[]): Promise<void>;
  /** The labels of the firing alerts. */
  active(): Promise<readonly AlertLabels[]>;
  /** The value of a counter of its webhooks. */
  counted(metric: NotificationMetric): Promise<number>;
}

/** Starts Alertmanager, in about half a second. It waits 0.1 s for the first alerts of a group. */
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
      // Later versions have one line per reason.
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
