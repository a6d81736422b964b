import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, programSkipReason } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilGauges } from '../support/gauges.ts';
import { signalsToken, startStack } from '../support/stack.ts';
import {
  alertRules,
  cassandraDashboard,
  cassandraGroup,
  dashboards,
  recordingRules,
  root,
  ruleGroups,
  storesDashboard,
  storesGroup,
  withIntervals,
} from './deployed.ts';
import { metricOf, selectorsOf } from './selectors.ts';
import { targetsOf } from './targets.ts';
import { startTraffic } from './traffic.ts';
import { startWatchingPrometheus, type WatchingPrometheus } from './watching-prometheus.ts';

const prometheusSkipReason = programSkipReason(['prometheus']);

/** Selectors that find nothing here, and why. */
const unseen: Readonly<Record<string, string>> = {
  redis_instances_up: 'only with Sentinels: sentinel-queries.test.ts',
  redis_sentinels_up: 'only with Sentinels: sentinel-queries.test.ts',
  redis_failovers_total: 'only with Sentinels: sentinel-queries.test.ts',
  alertmanager_notifications_failed_total: 'Alertmanager’s own: alertmanager.test.ts',
  'log_lines_total{outcome=~"dropped|failed"}':
    'no receiver of logs here: packages/service/src/tracing/open-telemetry-logs.test.ts',
  'storage_scans_total{verdict="unknown"}': 'no scan hook is away here',
  'http_request_duration_seconds_count{status=~"5..",status!="503"}': 'no route answers so',
  'http_request_duration_seconds_count{route!~"/live|/ready|/health|/metrics",status=~"5..",status!="503"}':
    'no route answers so',
  'http_request_duration_seconds_count{route="/ready",status="503"}': 'all are ready',
  'ALERTS{alertstate="firing"}': 'nothing has fired for long enough',
};

/** Panels whose queries have no result here, and why. */
const emptyPanels: Readonly<Record<string, string>> = {
  'Redis servers up': 'only with Sentinels',
  'Sentinels up': 'only with Sentinels',
  'Servers and Sentinels': 'only with Sentinels',
  Failovers: 'only with Sentinels',
};

const alerts = alertRules();
const recordings = recordingRules();
/** Found only if a service has what they are made of, which is asked for below. */
const recorded = new Set(recordings.map(({ record }) => record));
/** Nothing watches the stores here: store-queries.test.ts and cassandra-queries.test.ts. */
const ofStores = [storesGroup, cassandraGroup, storesDashboard, cassandraDashboard];
const ofServices = ruleGroups().filter(({ name }) => !ofStores.includes(name));
const boards = dashboards().filter(({ file }) => !ofStores.includes(file));
const queries = boards.flatMap(({ file, panels }) =>
  panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ file, title, query: withIntervals(expr) })),
  ),
);
const selectors = [
  ...new Set(
    [
      ...ofServices.flatMap(({ rules }) => rules).map(({ expr }) => expr),
      ...queries.map(({ query }) => query),
    ]
      .flatMap(selectorsOf)
      .filter((selector) => !recorded.has(selector)),
  ),
];

/** Queries for people, over as much as there is here. */
const promql = readFileSync(join(root, 'docs', 'slo.md'), 'utf8')
  .split('```promql\n')
  .slice(1)
  .map((text) => (text.split('```')[0] ?? '').replaceAll(/30d(:15m)?/g, '5m'));

describe.skipIf(prometheusSkipReason !== '')(
  `a Prometheus that watches the five${prometheusSkipReason}`,
  () => {
    const parts = new AsyncDisposableStack();
    let prometheus: WatchingPrometheus;

    /** Normal operation, an outage under traffic, and normal operation again; scraped in each. */
    beforeAll(async () => {
      const stack = parts.use(await startStack());
      prometheus = parts.use(await startWatchingPrometheus(targetsOf(stack.urls)));
      const traffic = parts.use(await startTraffic({ urls: stack.urls, signalsToken }));
      const scraped = async (value: number): Promise<void> => {
        await traffic.round();
        const seen = await prometheus.query('redis_degraded_mode');
        expect(seen.map((line) => line.value)).toEqual([value, value, value, value]);
      };
      await eventually(() => scraped(0), { timeoutMs: 20_000 });
      await stack.redis.kill();
      await untilGauges(stack, '1');
      await eventually(() => scraped(1), { timeoutMs: 20_000 });
      await stack.redis.restart();
      await untilGauges(stack, '0');
      await eventually(() => scraped(0), { timeoutMs: 20_000 });
      // A rate needs two scrapes of what came last.
      await eventually(
        async () => {
          await traffic.round();
          const [rate] = await prometheus.query('sum(rate(redis_fallbacks_total[1m]))');
          expect(rate?.value).toBeGreaterThan(0);
        },
        { timeoutMs: 20_000 },
      );
    }, 120_000);
    afterAll(() => parts.disposeAsync());

    it('finds all instances under the names that the rules use', async () => {
      const up = await prometheus.query('up{namespace="secureconnect"} == 1');
      expect(up.map(({ metric }) => metric['service']).sort()).toEqual([
        'api-gateway',
        'auth-service',
        'chat-service',
        'storage-service',
        'video-service',
      ]);
    });

    it('evaluates every rule without an error', async () => {
      const evaluated = await eventually(async () => {
        const seen = await prometheus.rules();
        expect(seen.filter(({ health }) => health === 'unknown')).toEqual([]);
        return seen;
      });
      expect(evaluated.filter(({ health }) => health !== 'ok')).toEqual([]);
      expect(evaluated.map(({ name }) => name).sort()).toEqual(
        [...alerts.map(({ alert }) => alert), ...recordings.map(({ record }) => record)].sort(),
      );
    });

    it.each(selectors.filter((selector) => !(selector in unseen)))('finds %s', async (selector) => {
      expect(await prometheus.query(`last_over_time(${selector}[5m])`)).not.toEqual([]);
    });

    it('excludes no selector that has a result', async () => {
      const found = [];
      for (const selector of Object.keys(unseen)) {
        expect(selectors, selector).toContain(selector);
        const lines = await prometheus.query(`last_over_time(${selector}[5m])`);
        if (lines.length > 0) found.push(selector);
      }
      expect(found).toEqual([]);
    });

    /** After the next scrape, where the machine was too busy for the last one of a service. */
    const hasResult = (query: string): Promise<void> =>
      eventually(async () => expect(await prometheus.query(query)).not.toEqual([]));

    it.each(queries.filter(({ title }) => !(title in emptyPanels)))(
      '$file: $title has a result',
      ({ query }) => hasResult(query),
    );

    it.each(promql)('answers docs/slo.md: %s', hasResult);

    it('names only metrics that a service has, in rules and dashboards', async () => {
      const names = await prometheus.query(
        'count by (__name__) (last_over_time({job="secureconnect"}[5m]))',
      );
      const known = new Set(names.map(({ metric }) => metric['__name__']));
      const missing = selectors.filter((selector) => !known.has(metricOf(selector)));
      const excused = missing.filter((selector) => !(selector in unseen));
      expect(excused).toEqual([]);
    });
  },
);
