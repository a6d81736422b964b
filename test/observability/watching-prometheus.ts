import { join } from 'node:path';
import { type LoopbackServer, startLoopbackServer } from '@secureconnect/testkit';
import { prometheusFolder, readYaml } from './deployed.ts';

/** A line of an answer: its labels and its last value. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface WatchedRule {
  readonly name: string;
  /** `ok` where its expression could be evaluated. */
  readonly health: string;
  readonly lastError?: string;
}

/** A Prometheus with our configuration, which scrapes services of a test. */
export interface WatchingPrometheus extends LoopbackServer {
  /** Evaluates an expression now. Throws what Prometheus says of one that is wrong. */
  query(expression: string): Promise<readonly QueryResult[]>;
  rules(): Promise<readonly WatchedRule[]>;
}

/** A target of prometheus.yml: its name in Docker's DNS, and where the test has it. */
export type Targets = Readonly<Record<string, string>>;

interface ScrapeConfig {
  readonly job_name: string;
  readonly dns_sd_configs: readonly { readonly names: readonly string[] }[];
  readonly relabel_configs: readonly object[];
}
interface Configuration {
  readonly global: object;
  readonly scrape_configs: readonly ScrapeConfig[];
}

/**
 * Starts one with the deployed prometheus.yml and rules. Only what a test cannot have is other: there
 * is no Docker whose DNS knows the names, and everything happens each second.
 * @param targets `host:port` by name; what is not there is not scraped
 */
export async function startWatchingPrometheus(targets: Targets): Promise<WatchingPrometheus> {
  const deployed = readYaml<Configuration>(join(prometheusFolder, 'prometheus.yml'));
  const config = {
    ...deployed,
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [join(prometheusFolder, 'rules', '*.yml')],
    alerting: {},
    scrape_configs: deployed.scrape_configs.map((job) => onLoopback(job, targets)),
  };
  const server = await startLoopbackServer({
    names: ['prometheus'],
    config,
    arguments: ({ configFile, dataFolder, address }) => [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${dataFolder}`,
      `--web.listen-address=${address}`,
    ],
  });
  const ask = (path: string): Promise<Answer> => answerOf(`${server.url}/api/v1/${path}`);
  return {
    ...server,
    async query(expression) {
      const { result = [] } = await ask(`query?query=${encodeURIComponent(expression)}`);
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async rules() {
      const { groups = [] } = await ask('rules');
      return groups.flatMap(({ rules }) => rules);
    },
  };
}

/** What DNS would have said stands in the configuration, the label with the name included. */
function onLoopback({ dns_sd_configs, ...job }: ScrapeConfig, targets: Targets) {
  const names = dns_sd_configs.flatMap((found) => found.names);
  return {
    ...job,
    static_configs: names.flatMap((name) => {
      const target = targets[name];
      if (target === undefined) return [];
      return [{ targets: [target], labels: { __meta_dns_name: name } }];
    }),
  };
}

interface Answer {
  readonly result?: readonly { metric: Record<string, string>; value: [number, string] }[];
  readonly groups?: readonly { rules: WatchedRule[] }[];
}

async function answerOf(url: string): Promise<Answer> {
  const reply = await fetch(url);
  const body = (await reply.json()) as { data: Answer; error?: string };
  if (!reply.ok) throw new Error(`${url}: ${body.error}`);
  return body.data;
}
