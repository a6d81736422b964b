import {
  backendScripts,
  eventually,
  programSkipReason,
  startSentinelSet,
} from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { startStack } from '../support/stack.ts';
import { alertRules, dashboards, ruleGroups, withIntervals } from './deployed.ts';
import { targetsOf } from './targets.ts';
import { startWatchingPrometheus } from './watching-prometheus.ts';

const scripts = backendScripts();
const without =
  scripts === undefined
    ? ' (left out: set SECURECONNECT_BACKENDS)'
    : programSkipReason(['prometheus']);

const slow = { timeoutMs: 30_000 };
const panels = dashboards().flatMap((board) => board.panels);
const haPanels = ['Redis servers up', 'Sentinels up', 'Servers and Sentinels', 'Failovers'];
const haRules =
  ruleGroups()
    .find(({ name }) => name === 'redis-high-availability')
    ?.rules.filter((rule) => 'alert' in rule) ?? [];

it.skipIf(without !== '')(
  `counts servers, Sentinels and failovers of a real set, and tells when they are too few${without}`,
  {
    timeout: 120_000,
  },
  async () => {
    await using set = await startSentinelSet(scripts ?? '', { downAfterMs: 1000 });
    await using stack = await startStack({
      REDIS_URL: '',
      REDIS_SENTINELS: set.sentinels,
      REDIS_MASTER_NAME: set.masterName,
    });
    await using prometheus = await startWatchingPrometheus(targetsOf(stack.urls));
    const numberOf = async (query: string): Promise<number | undefined> =>
      (await prometheus.query(query))[0]?.value;
    const holds = (alert: string): Promise<void> => {
      const expr = alertRules().find((rule) => rule.alert === alert)?.expr ?? '';
      return eventually(
        async () => expect(await prometheus.query(expr), alert).toHaveLength(1),
        slow,
      );
    };

    await eventually(async () => {
      expect(await numberOf('min(redis_instances_up)')).toBe(3);
      expect(await numberOf('min(redis_sentinels_up)')).toBe(3);
      expect(await numberOf('max(redis_failovers_total)')).toBe(0);
    }, slow);
    for (const { alert, expr } of haRules) expect(await prometheus.query(expr), alert).toEqual([]);
    for (const title of haPanels) {
      for (const { expr } of panels.find((panel) => panel.title === title)?.targets ?? []) {
        const query = withIntervals(expr);
        await eventually(async () => expect(await prometheus.query(query), title).not.toEqual([]));
      }
    }

    await set.signal(1, 'SIGKILL');
    await holds('RedisFailover');
    await eventually(async () => expect(await numberOf('max(redis_instances_up)')).toBe(2), slow);
    await set.signal(4, 'SIGKILL');
    await set.signal(5, 'SIGKILL');
    await holds('SentinelsLow');
    await set.signal(2, 'SIGKILL');
    await holds('RedisInstancesLow');
  },
);
