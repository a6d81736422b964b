import { type LoopbackServer, programSkipReason, startLoopbackServer } from './loopback-server.ts';
import type { AlertLabels } from './test-alertmanager.ts';

const names = ['prometheus'];

/** Why there is no Prometheus for the tests; '' where there is one. */
export const prometheusSkipReason = programSkipReason(names);

/** A rule that fires at once. */
export interface TestRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels?: AlertLabels;
}

export interface PrometheusOptions {
  /** `host:port` of what is scraped at `/metrics`. */
  readonly targets: readonly string[];
  /** `host:port` of who is told what fires. */
  readonly alertmanager: string;
  readonly rules: readonly TestRule[];
  /** `alert_relabel_configs`: what is done to labels before Alertmanager is told. Default: nothing. */
  readonly alertRelabeling?: readonly object[];
}

/** A Prometheus of the test's own, in a process of its own. */
export interface TestPrometheus extends LoopbackServer {
  /** The labels of what fires, as it knows. */
  firing(): Promise<readonly AlertLabels[]>;
}

/** Starts one, which takes about a second. It scrapes and evaluates every second. */
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
    // Beside the configuration.
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'test', static_configs: [{ targets }] }],
    alerting: {
      alert_relabel_configs: alertRelabeling,
      alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }],
    },
  };
}
