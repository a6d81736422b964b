import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programSkipReason } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import {
  alertExpectations,
  alertRules,
  prometheusFolder,
  root,
  ruleGroups,
  ruleTestFiles,
} from './deployed.ts';

const run = promisify(execFile);
const withoutPromtool = programSkipReason(['promtool']);

/** What promtool prints; rejects with it where it is not content. */
const promtool = async (...values: readonly string[]): Promise<string> =>
  (await run('promtool', values, { cwd: prometheusFolder })).stdout;

describe.skipIf(withoutPromtool !== '')(`the configuration of Prometheus${withoutPromtool}`, () => {
  it('is accepted by promtool, its rules included', async () => {
    expect(await promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
  });

  it.each(ruleTestFiles())('%s passes', async (file) => {
    expect(await promtool('test', 'rules', file)).toContain('SUCCESS');
  });
});

const alerts = alertRules();

describe('the rules', () => {
  it('are one group a file, with the file’s name', () => {
    expect(ruleGroups().map(({ file, name }) => [file, `${name}.yml`])).toEqual(
      ruleGroups().map(({ file }) => [file, file]),
    );
    const names = alerts.map(({ alert }) => alert);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(alerts)('$alert says how bad it is, what it means and what to do', (rule) => {
    expect(rule.labels['severity']).toMatch(/^(critical|warning|info)$/);
    expect(rule.annotations).toEqual({
      summary: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\.$/),
      runbook_url: expect.stringMatching(/^docs\/runbooks\/[\w-]+\.md$/),
    });
  });

  it.each(alerts)('$alert has the labels by which the ingest knows what it is about', (rule) => {
    // An alert has the labels that its expression keeps, and those of its rule.
    const kept = rule.expr.match(/\bby \((?<labels>[^)]*)\)/)?.groups?.['labels']?.split(', ');
    const labels = [...(kept ?? ['namespace', 'service']), ...Object.keys(rule.labels)];
    expect(labels).toEqual(expect.arrayContaining(['namespace', 'service']));
  });

  it.each(alerts)(
    '$alert has a test in which it fires and one in which it does not',
    ({ alert }) => {
      const cases = alertExpectations().filter(({ alertname }) => alertname === alert);
      expect(cases.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
      expect(cases.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
    },
  );

  it.each(alerts)('$alert has a runbook that names it', ({ alert, annotations }) => {
    const runbook = readFileSync(join(root, annotations['runbook_url'] ?? ''), 'utf8');
    expect(runbook).toContain(`\`${alert}\``);
  });

  it('burn budgets at the rates, and over the windows, of docs/slo.md', () => {
    const [, table = ''] = readFileSync(join(root, 'docs', 'slo.md'), 'utf8').split('## Alerts');
    const rows = table.matchAll(/([\d.]+) % \| ([^,|]+), ([^|]+) \|/g);
    const unit = (text: string) => text.trim().replace(/ (min|h|day)s?$/, (_, [short]) => short);
    const listed = [...rows].map(([, percent, long = '', short = '']) =>
      [Number(percent) / 100, unit(long), unit(short)].join(' '),
    );
    const budgets = alerts.filter(({ alert }) => alert.startsWith('ErrorBudget'));
    const used = budgets.flatMap(({ expr }) =>
      [...expr.matchAll(/ratio(\w+) > ([\d.]+) and \S+ratio(\w+) > \2/g)].map(
        ([, long, share, short]) => [Number(share), long, short].join(' '),
      ),
    );
    expect(used).toHaveLength(4);
    expect(listed).toEqual(used);
  });

  it('have every runbook, and every runbook has an alert', () => {
    const pages = readdirSync(join(root, 'docs', 'runbooks')).map(
      (page) => `docs/runbooks/${page}`,
    );
    const linked = alerts.map(({ annotations }) => annotations['runbook_url'] ?? '');
    expect(pages.sort()).toEqual([...new Set(linked)].sort());
  });
});
