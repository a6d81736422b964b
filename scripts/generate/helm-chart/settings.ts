import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BaseFile, readSettings } from './base-objects.ts';
import { isObject, type Json } from './json.ts';

const root = join(import.meta.dirname, '../../..');

/** Settings of which a group of the values has one each. */
const fromGroups = new Set([
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_MASTER_NAME',
  'REDIS_CLUSTER',
  'CASSANDRA_CONTACT_POINTS',
  'CASSANDRA_LOCAL_DATACENTER',
  'CASSANDRA_KEYSPACE',
  'CASSANDRA_REPLICATION_FACTOR',
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'S3_REGION',
  'S3_BUCKET',
  'MAIL_FROM',
  'STUN_URLS',
  'TURN_URLS',
  'TURN_CREDENTIAL_SECONDS',
  'SIGNALS_SINK',
  'SIGNALS_KUBERNETES_NAMESPACE',
]);

/** Secrets that no object of deploy/kubernetes names; a service gets them by its value `env`. */
const furtherSecrets = new Set([
  'METRICS_TOKEN',
  'OIDC_PROVIDERS',
  'REDIS_SENTINEL_PASSWORD',
  'SFU_API_SECRET',
  'STORAGE_URL_SECRET',
]);

/** Of a stack with one instance of storage, or of somebody's own machine. */
const notHere = new Set(['STORAGE_DIRECTORY', 'KUBECONFIG']);

export interface Settings {
  /** Settings that belong to the objects of the chart: ports and names of Services. */
  readonly fixed: ReadonlyMap<string, string>;
  /** Settings of the base that the values may change. */
  readonly defaults: ReadonlyMap<string, string>;
  /** Every setting that the values may contain, sorted. */
  readonly names: readonly string[];
}

/** Sorts the settings of the base, and all others of .env.production.example, by who sets them. */
export async function chartSettings(files: readonly BaseFile[]): Promise<Settings> {
  const base = await readSettings('base/settings.env');
  const secrets = new Set(files.flatMap(({ objects }) => [...secretNames(objects)]));
  const isFixed = (name: string): boolean =>
    name === 'NODE_ENV' || name === 'FLEET' || /^[A-Z]+_PORT$/.test(name) || isUpstream(name);
  const known = [...new Set([...(await exampleNames()), ...base.keys()])];
  const names = known.filter(
    (name) =>
      !isFixed(name) &&
      ![secrets, fromGroups, furtherSecrets, notHere].some((others) => others.has(name)),
  );
  return {
    fixed: new Map([...base].filter(([name]) => isFixed(name))),
    defaults: new Map([...base].filter(([name]) => names.includes(name))),
    names: names.sort(),
  };
}

function isUpstream(name: string): boolean {
  return /^(AUTH|CHAT|VIDEO|STORAGE)_URL$/.test(name);
}

/** The variables of the services, of which the example has all; those below are of Compose. */
async function exampleNames(): Promise<readonly string[]> {
  const text = await readFile(join(root, '.env.production.example'), 'utf8');
  const [services = '', compose] = text.split('# For docker-compose.yml alone');
  if (compose === undefined) throw new Error('.env.production.example lacks the part of Compose');
  return [...services.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].flatMap(([, name]) => name ?? []);
}

/** The variables whose values come from Secrets. */
function* secretNames(value: Json): Generator<string> {
  if (Array.isArray(value)) {
    for (const element of value) yield* secretNames(element);
  } else if (isObject(value)) {
    const { name, valueFrom } = value;
    if (typeof name === 'string' && isObject(valueFrom)) yield name;
    for (const inner of Object.values(value)) yield* secretNames(inner);
  }
}
