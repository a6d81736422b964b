import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

const file = join(import.meta.dirname, '../../docker-compose.yml');
// The file merges more aliases than the default bound of the parser.
const options = { merge: true, maxAliasCount: -1 };
const { services } = parse(readFileSync(file, 'utf8'), options) as {
  services: Readonly<Record<string, Service>>;
};
const profiles = new Set(['monitoring', 'exporters', 'grafana']);
const monitoring = Object.keys(services).filter((name) =>
  services[name]?.profiles?.some((profile) => profiles.has(profile)),
);

it('what watches is behind profiles, and nothing else of docker-compose.yml needs it', () => {
  expect(monitoring).toEqual([
    'prometheus',
    'alertmanager',
    'grafana',
    'redis-exporter',
    'postgres-exporter',
    'postgres-exporter-role',
  ]);
  const needing = Object.keys(services).filter((name) =>
    Object.keys(services[name]?.depends_on ?? {}).some((other) => monitoring.includes(other)),
  );
  expect(needing).toEqual([]);
});
