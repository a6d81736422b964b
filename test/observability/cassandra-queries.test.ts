import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  freePort,
  ownCassandraSkipReason,
  testCassandra,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import {
  cassandraDashboard,
  cassandraGroup,
  dashboards,
  readYaml,
  root,
  ruleGroups,
} from './deployed.ts';
import { metricOf, selectorsOf } from './selectors.ts';

const recording = join(import.meta.dirname, 'cassandra-scrape.txt');
const rules = ruleGroups().find(({ name }) => name === cassandraGroup)?.rules ?? [];
const panels = dashboards().find(({ file }) => file === cassandraDashboard)?.panels ?? [];
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const selectors = new Set([...rules.map(({ expr }) => expr), ...queries].flatMap(selectorsOf));

/** The series of a scrape that are of Cassandra, or of its heap, without their values. */
const seriesOf = (scrape: string): string[] =>
  scrape
    .split('\n')
    .filter((line) => /^cassandra_|^jvm_memory_(used|max)_bytes\{/.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .toSorted();

it('the rules and panels about Cassandra use what its agent tells, and the agent no more', async () => {
  const told = new Set(seriesOf(await readFile(recording, 'utf8')).map(metricOf));
  expect(selectors.size).toBeGreaterThan(10);
  expect([...new Set([...selectors].map(metricOf))].toSorted()).toEqual([...told].toSorted());
});

it('docs/observability.md counts the series', async () => {
  const series = seriesOf(await readFile(recording, 'utf8'));
  const own = series.filter((name) => name.startsWith('cassandra_'));
  const page = await readFile(join(root, 'docs/observability.md'), 'utf8');
  expect(page).toContain(`names the ${own.length} figures that the rules`);
});

it('docker-compose.cassandra-metrics.yml keeps the options that Cassandra has, and adds the agent', () => {
  interface Compose {
    readonly services: Readonly<Record<string, { readonly environment?: Record<string, string> }>>;
  }
  const optionsIn = (file: string): string =>
    readYaml<Compose>(join(root, file)).services['cassandra']?.environment?.['JVM_EXTRA_OPTS'] ??
    '';
  const agent = '-javaagent:/opt/jmx/agent.jar=9500:/opt/jmx/cassandra-jmx.yml';
  expect(optionsIn('docker-compose.cassandra-metrics.yml')).toBe(
    `${optionsIn('docker-compose.yml')} ${agent}`,
  );
});

/**
 * The path of the agent's jar. The tests cannot install it; without it only the recording is
 * compared.
 */
const agent = process.env['TEST_CASSANDRA_AGENT'];

if (agent !== undefined) {
  describe.skipIf(ownCassandraSkipReason)(`a real Cassandra${ownCassandraSkipReason}`, () => {
    // UPDATE_CASSANDRA_SCRAPE=1 writes the recording, instead of comparing.
    it('tells what was recorded', { timeout: 90_000 }, async () => {
      const address = `127.0.0.1:${await freePort()}`;
      const config = join(root, 'deploy/exporters/cassandra-jmx.yml');
      await using _cassandra = await testCassandra(`-javaagent:${agent}=${address}:${config}`);
      const scrape = async (): Promise<string> => (await fetch(`http://${address}/metrics`)).text();
      // Figures about a kind of work begin with the first work of it.
      await eventually(async () => expect(await scrape()).toContain('cassandra_client_requests'));
      const text = await scrape();
      if (process.env['UPDATE_CASSANDRA_SCRAPE'] === '1') {
        const kept = new Set(seriesOf(text));
        const lines = text
          .split('\n')
          .filter((line) => kept.has(line.slice(0, line.lastIndexOf(' '))));
        await writeFile(recording, `${lines.join('\n')}\n`);
        return;
      }
      expect(seriesOf(text)).toEqual(seriesOf(await readFile(recording, 'utf8')));
    });
  });
}
