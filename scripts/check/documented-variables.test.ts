import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The names of variables that a configuration file declares: `NAME: schema,` or `NAME,`. */
function variablesIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]{3,}):/gm)].flatMap((match) => match[1] ?? []);
}

it('finds every environment variable in the README and in the production example', () => {
  const files = globSync(
    [
      'services/*/src/config.ts',
      'packages/*/src/{config,common-config,read-address}.ts',
      'scripts/start/settings.ts',
    ],
    { cwd: root },
  );
  const variables = new Set(files.flatMap(variablesIn));
  expect(variables.size).toBeGreaterThan(25);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const undocumented = [...variables].filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
  expect(undocumented).toEqual([]);
  const example = readFileSync(join(root, '.env.production.example'), 'utf8');
  // These are for a laptop only.
  const elsewhere = ['MAIL_DIRECTORY', 'SECURECONNECT_DATA_DIR', 'DEMO_REDIS_SWITCH'];
  const missing = [...variables].filter(
    (name) => !elsewhere.includes(name) && !new RegExp(`^#?${name}=`, 'm').test(example),
  );
  expect(missing).toEqual([]);
});

/** Settings that docker-compose.yml decides itself, or that nothing in its containers could use. */
const notOfCompose: Readonly<Record<string, string>> = {
  AUTH_PORT: 'the port in the container is fixed; it is the one on the host',
  CASSANDRA_PASSWORD: 'its Cassandra, which only its own network reaches, has no users',
  CASSANDRA_USERNAME: 'as CASSANDRA_PASSWORD',
  CHAT_PORT: 'as AUTH_PORT',
  DEMO_REDIS_SWITCH: 'refused in production',
  GATEWAY_PORT: 'as AUTH_PORT',
  KUBECONFIG: 'of a cluster',
  MAIL_DIRECTORY: 'refused in production',
  METRICS_TOKEN: 'its Prometheus reads the gateway by a port that is published on loopback alone',
  REDIS_CLUSTER: 'it has one server, and sentinels with docker-compose.ha.yml',
  REDIS_MASTER_NAME: 'of docker-compose.ha.yml',
  REDIS_NAT_MAP: 'its servers are reached by the addresses that they announce',
  REDIS_SENTINELS: 'of docker-compose.ha.yml',
  REDIS_SENTINEL_PASSWORD: 'of docker-compose.ha.yml',
  REDIS_SENTINEL_TLS: 'as REDIS_TLS',
  REDIS_SENTINEL_USERNAME: 'its sentinels have no users',
  REDIS_TLS: 'its Redis is reached in its own network alone',
  REDIS_TLS_CA: 'as REDIS_TLS',
  REDIS_TLS_CERT: 'as REDIS_TLS',
  REDIS_TLS_KEY: 'as REDIS_TLS',
  REDIS_USERNAME: 'its Redis has the default user alone',
  SCAN_COMMAND: 'the image has no scanner; SCAN_URL names one',
  SECURECONNECT_DATA_DIR: 'of npm start',
  SIGNALS_KUBERNETES_NAMESPACE: 'of a cluster',
  SIGNALS_SINK: 'without a cluster there is PostgreSQL alone',
  STORAGE_DIRECTORY: 'its files are in MinIO',
  STORAGE_PORT: 'as AUTH_PORT',
  STORAGE_PUBLIC_URL: 'its files are in MinIO',
  VIDEO_PORT: 'as AUTH_PORT',
};

it('finds every setting of the README in docker-compose.yml, which passes it on, or a reason', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = readme.split('\n## Configuration\n')[1]?.split('\n## ')[0] ?? '';
  const firstCells = [...section.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1] ?? '');
  const settings = new Set(
    firstCells.flatMap((cell) =>
      [...cell.matchAll(/`([A-Z][A-Z0-9_]{3,})(?:=[^`]*)?`/g)].flatMap(([, name]) => name ?? []),
    ),
  );
  expect(settings.size).toBeGreaterThan(80);
  const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const left = [...settings].filter((name) => !new RegExp(`^ +${name}: `, 'm').test(compose));
  expect(left.toSorted()).toEqual(Object.keys(notOfCompose).toSorted());
});
