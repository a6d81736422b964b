import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serviceNames, signalsToken, startStack } from '../support/stack.ts';
import { alertRules, dashboards, root } from './deployed.ts';
import { type Metric, metricsOf, tableOf, tableRows } from './metrics-table.ts';
import { startTraffic } from './traffic.ts';

const file = join(root, 'docs', 'observability.md');
const page = readFileSync(file, 'utf8');
/** What Node and the process itself measure is listed by prom-client. */
const isNodes = ({ name }: Metric): boolean => /^(process|nodejs)_/.test(name);
/** Measured where Sentinels are configured; sentinel-queries.test.ts sees them. */
const withSentinels = ['redis_failovers_total', 'redis_instances_up', 'redis_sentinels_up'];

/** Of all services; what several have is one. */
async function liveMetrics(): Promise<Metric[]> {
  await using stack = await startStack();
  using traffic = await startTraffic({ urls: stack.urls, signalsToken });
  await traffic.round();
  const byName = new Map<string, Metric>();
  for (const service of serviceNames) {
    const text = await fetch(`${stack.urls[service]}/metrics`).then((reply) => reply.text());
    for (const metric of metricsOf(text).filter((each) => !isNodes(each))) {
      const labels = new Set([...(byName.get(metric.name)?.labels ?? []), ...metric.labels]);
      byName.set(metric.name, { ...metric, labels: [...labels] });
    }
  }
  return [...byName.values()];
}

const listed = tableRows(page);

/** With the labels that the page has for what has no line here. */
function withListedLabels(metric: Metric): Metric {
  if (metric.labels.length > 0) return metric;
  const labels = listed.find(({ name }) => name === metric.name)?.labels ?? [];
  return { ...metric, labels };
}

describe('docs/observability.md', () => {
  // UPDATE_OBSERVABILITY=1 writes the table, instead of comparing.
  it('lists every metric of the five services with its type, labels and meaning', async () => {
    const live = (await liveMetrics()).map(withListedLabels);
    const sentinels = listed.filter(({ name }) => withSentinels.includes(name));
    const expected = tableOf([...live, ...sentinels]);
    if (process.env['UPDATE_OBSERVABILITY'] === '1') {
      writeFileSync(
        file,
        page.replace(/\| metric \|[\s\S]*?(?=\n\n)/, () => expected),
      );
      return;
    }
    expect(tableOf(listed)).toBe(expected);
    expect(sentinels.map(({ name }) => name).sort()).toEqual(withSentinels);
  });

  it.each(alertRules())('lists $alert, how bad it is, and its runbook', (rule) => {
    const runbook = (rule.annotations['runbook_url'] ?? '').replace(/^docs\//, '');
    expect(page).toMatch(`| [${rule.alert}](${runbook}) | ${rule.labels['severity']} |`);
  });

  it('lists no alert that does not exist', () => {
    const names = [...page.matchAll(/^\| \[(\w+)\]\(runbooks/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(
      alertRules()
        .map(({ alert }) => alert)
        .sort(),
    );
  });

  it('names the dashboards and shows pictures that exist', () => {
    for (const { title } of dashboards()) expect(page).toContain(title);
    const images = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(images.length).toBeGreaterThan(0);
    for (const path of images) expect(existsSync(join(root, 'docs', path)), path).toBe(true);
  });
});
