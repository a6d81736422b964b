import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The root of the repository. */
export const root = join(import.meta.dirname, '..', '..');
/** What docker-compose.yml mounts at /etc/prometheus. */
export const prometheusFolder = join(root, 'deploy', 'prometheus');
export const alertmanagerFile = join(root, 'deploy', 'alertmanager', 'alertmanager.yml');
/** The rules and the dashboard of what the exporters read, which store-queries.test.ts starts. */
export const storesGroup = 'stores';
export const storesDashboard = 'stores.json';
export const cassandraGroup = 'cassandra';
export const cassandraDashboard = 'cassandra.json';
const dashboardsFolder = join(root, 'deploy', 'grafana', 'dashboards');

/** A rule that alerts, as it stands in its file. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A rule that records the value of its expression under a name. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface RuleGroup {
  readonly file: string;
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** One expectation of a promtool test. */
export interface AlertExpectation {
  readonly alertname: string;
  readonly exp_alerts: readonly object[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly {
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

export interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const yamlFiles = (folder: string): string[] =>
  readdirSync(join(prometheusFolder, folder))
    .filter((file) => file.endsWith('.yml'))
    .sort();

/** A YAML file of the deployment; its shape is the caller's to know. */
export function readYaml<Content>(file: string): Content {
  return parse(readFileSync(file, 'utf8'), { merge: true, maxAliasCount: -1 }) as Content;
}

export function ruleGroups(): RuleGroup[] {
  return yamlFiles('rules').flatMap((file) => {
    const path = join(prometheusFolder, 'rules', file);
    const { groups } = readYaml<{ groups: Omit<RuleGroup, 'file'>[] }>(path);
    return groups.map((group) => ({ ...group, file }));
  });
}

/** Every alert of every group. */
export const alertRules = (): AlertRule[] =>
  ruleGroups()
    .flatMap(({ rules }) => rules.filter((rule) => 'alert' in rule))
    .map(({ annotations, ...rule }) => ({ ...rule, annotations: withoutBase(annotations) }));

/** The annotations as they are where no base of the links is set. */
const withoutBase = ({ runbook_url = '', ...others }: AlertRule['annotations']) => ({
  ...others,
  runbook_url: runbook_url.replace('{{ $externalLabels.runbooks }}', ''),
});

/** Every rule of every group that records a series. */
export const recordingRules = (): RecordingRule[] =>
  ruleGroups().flatMap(({ rules }) => rules.filter((rule) => 'record' in rule));

/** Full paths of the promtool tests. */
export const ruleTestFiles = (): string[] =>
  yamlFiles('tests').map((file) => join(prometheusFolder, 'tests', file));

/** What the promtool tests expect, of whichever rule and time. */
export function alertExpectations(): AlertExpectation[] {
  type Tests = { tests: { alert_rule_test: AlertExpectation[] }[] };
  return ruleTestFiles().flatMap((file) =>
    readYaml<Tests>(file).tests.flatMap(({ alert_rule_test }) => alert_rule_test),
  );
}

export function dashboards(): Dashboard[] {
  return readdirSync(dashboardsFolder)
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(dashboardsFolder, file), 'utf8')) }));
}

/** A query of a panel as Grafana sends it for a quarter of an hour and a scrape each five seconds. */
export function withIntervals(query: string): string {
  return query.replaceAll('$__rate_interval', '20s').replaceAll('$__range', '15m');
}
