import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertRules } from '../observability/deployed.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const doc = read('docs/operations.md');

it('docs/operations.md has a row for every alert, with its runbook', () => {
  const alerts = alertRules().map(
    ({ alert, annotations }) => `${alert} ${annotations['runbook_url']?.replace(/^docs\//, '')}`,
  );
  const rows = [...doc.matchAll(/^\| `(\w+)` \| \[(runbooks\/[\w-]+\.md)\]\(\2\) \|$/gm)];
  expect(alerts.length).toBeGreaterThan(20);
  expect(rows.map(([, alert, page]) => `${alert} ${page}`).sort()).toEqual(alerts.sort());
});

it.each([
  'docs/operations.md',
  'deploy/kubernetes/README.md',
  'deploy/helm/secureconnect/README.md',
  'deploy/redis-ha/README.md',
])('%s leads to nothing that is not there', (file) => {
  const targets = [...read(file).matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(0);
  const missing = targets.filter((target) => !existsSync(join(root, file, '..', target)));
  expect(missing).toEqual([]);
});

it('docs/operations.md names scripts that exist, and figures that were measured', () => {
  const named = [...doc.matchAll(/`(?:node )?((?:deploy|scripts)\/[\w./-]+\.(?:sh|ts))/g)];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(([, file = '']) => !existsSync(join(root, file)))).toEqual([]);
  const benchmarks = read('docs/benchmarks.md');
  const [, deliveries = ''] = /^\| deliveries a second [^|]*\|([^|]*)\|$/m.exec(doc) ?? [];
  const figures = deliveries.match(/[\d,]*\d/g) ?? [];
  expect(figures).toHaveLength(3);
  expect(benchmarks).toContain(`| SecureConnect, PostgreSQL | ${figures.join(' | ')} |`);
  expect(doc).toContain('37.3 MB');
  expect(benchmarks).toContain('37.3 MB');
});
