import { type LoopbackServer, programSkipReason, startLoopbackServer } from './loopback-server.ts';
import type { AlertLabels } from './test-alertmanager.ts';

const names = ['prometheus'];

/** Why tests with Prometheus are skipped; '' if they can run. */
export const prometheusSkipReason = programSkipReason(names);

/** A rule that fires at once. */
export interface TestRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels?: AlertLabels;
}

export interface PrometheusOptions {
  /** `host:port` of the targets, scraped at `/metrics`. */
  readonly targets: readonly string[];
  /** `host:port` of the Alertmanager. */
  readonly alertmanager: string;
  readonly rules: readonly TestRule[];
  /** `alert_relabel_configs`: changes of labels before alerts are sent. Default: none. */
  readonly alertRelabeling?: readonly object[];
}

/** A test's own Prometheus. */
export interface TestPrometheus extends LoopbackServer {
  /** The labels of the firing alerts. */
  firing(): Promise<readonly AlertLabels[]>;
}

/** Starts Prometheus, in about a second. It scrapes and evaluates every second. */
export async function testPrometheus(options: PrometheusOptions): Promise<TestPrometheus> {
  const server = await startLoopbackServer({
    names,
    config: configOf(options),
    files: { 'rules.yml': { groups: [{ name: 'test', rules: options.rules }] } },
    arguments: ({ configFile, dataFolder, address }) => [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${dataFolder}`,
      `--web.listen-address=${address}`,
    ],
  });
  return {
    ...server,
    async firing() {
      const reply = await fetch(`${server.url}/api/v1/alerts`);
      const { data } = (await reply.json()) as {
        data: { alerts: { state: string; labels: AlertLabels }[] };
      };
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
    },
  };
}

function configOf({ targets, alertmanager, alertRelabeling = [] }: PrometheusOptions): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    // In the folder of the configuration.
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'test', static_configs: [{ targets }] }],
    alerting: {
      alert_relabel_configs: alertRelabeling,
      alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }],
    },
  };
}
