import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ChartScene, releases } from './chart-releases.ts';
import { environmentOf } from './environment.ts';
import { helmSkipReason, rendered } from './helm.ts';
import { type Manifest, workloadOf } from './manifest.ts';
import { type Deploy, judged, judgePods } from './overlay.ts';
import { comparable, labelsOfHelm } from './same-objects.ts';

/** The values that are the settings of the overlay for production. */
function productionValues({ folder }: Deploy) {
  const file = join(folder, 'kubernetes/overlays/production/settings.env');
  const settings = new Map(Object.entries(parseEnv(readFileSync(file, 'utf8'))));
  const take = (name: string): string => {
    const value = settings.get(name);
    if (value === undefined) throw new Error(`${file} lacks ${name}`);
    settings.delete(name);
    return value;
  };
  const listed = (name: string): string[] => take(name).split(',');
  const groups = {
    redis: {
      sentinels: listed('REDIS_SENTINELS'),
      masterName: take('REDIS_MASTER_NAME'),
      existingSecret: { name: 'redis' },
    },
    cassandra: {
      contactPoints: listed('CASSANDRA_CONTACT_POINTS'),
      localDatacenter: take('CASSANDRA_LOCAL_DATACENTER'),
      replicationFactor: Number(take('CASSANDRA_REPLICATION_FACTOR')),
    },
    s3: {
      endpoint: take('S3_ENDPOINT'),
      publicEndpoint: take('S3_PUBLIC_ENDPOINT'),
      region: take('S3_REGION'),
      bucket: take('S3_BUCKET'),
    },
    mail: { from: take('MAIL_FROM') },
    calls: {
      stunUrls: listed('STUN_URLS'),
      turnUrls: listed('TURN_URLS'),
      turnCredentialSeconds: Number(take('TURN_CREDENTIAL_SECONDS')),
    },
    alerts: { sink: take('SIGNALS_SINK') },
    monitoring: { enabled: true },
    // Redis is in the namespace itself.
    networkPolicies: { egress: { redis: { ports: [] } } },
  };
  // The chart takes the namespace of the release.
  take('SIGNALS_KUBERNETES_NAMESPACE');
  return { ...groups, settings: Object.fromEntries(settings) };
}

const peers = [{ ipBlock: { cidr: '192.0.2.0/24' } }];

/** Values that take the ways through the templates that those of production do not. */
const otherValues = {
  image: { registry: 'registry.internal/team', pullSecrets: [{ name: 'registry' }] },
  postgresql: {
    ...{ host: 'db.internal', port: 5433, user: 'sc@team', database: 'chat' },
    parameters: 'sslmode=verify-full',
    existingSecret: { name: 'database' },
  },
  redis: { cluster: ['redis-1.internal:6379', 'redis-2.internal:6379'] },
  s3: { endpoint: 'https://s3.internal', publicEndpoint: 'https://files.internal' },
  mail: { from: 'SecureConnect <no-reply@mail.internal>' },
  settings: { STORAGE_QUOTA_BYTES: 2147483648 },
  gateway: {
    service: { type: 'LoadBalancer', annotations: { 'lb.internal/kind': 'network' } },
    podAnnotations: { 'secureconnect.internal/team': 'chat' },
    nodeSelector: { 'kubernetes.io/arch': 'amd64' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
    env: [
      { name: 'METRICS_TOKEN', valueFrom: { secretKeyRef: { name: 'metrics', key: 'token' } } },
    ],
  },
  auth: { autoscaling: { enabled: false }, replicas: 3 },
  chat: { settings: { LOG_LEVEL: 'debug' }, image: { digest: `sha256:${'0'.repeat(64)}` } },
  ingress: {
    ...{ enabled: true, className: 'nginx', host: 'api.internal' },
    annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600' },
    tls: { secretName: 'api' },
  },
  networkPolicies: {
    gatewayFrom: peers,
    egress: { database: { ports: [5433], to: peers }, web: { ports: [] } },
  },
};

/**
 * The Helm chart beside the overlay for production: what differs on purpose is written here, and
 * nothing else may.
 */
export function describeChart(given: () => ChartScene): void {
  describe.skipIf(helmSkipReason !== '')(`the Helm chart${helmSkipReason}`, () => {
    let objects: readonly Manifest[];

    beforeAll(async () => {
      objects = await judged(given().kubernetes, await rendered(productionValues(given().deploy)), [
        '--namespace',
        'secureconnect',
      ]);
    });

    it('has the objects of the overlay for production, field by field', () => {
      const ours = comparable(objects);
      const theirs = comparable(given().deploy.built.production);
      const missing = [...theirs.keys()].filter((name) => !ours.has(name));
      expect(missing.filter((name) => !/^\w+\/redis(-|$)/.test(name))).toEqual([
        'Namespace/secureconnect',
      ]);
      const more = [...ours.keys()].filter((name) => !theirs.has(name));
      const ofTest = ['ConfigMap', 'NetworkPolicy', 'Pod'].map((kind) => `${kind}/test-gateway`);
      const ofHooks = ['NetworkPolicy/migrations', 'NetworkPolicy/test-gateway-ingress'];
      expect(more.sort()).toEqual([...ofTest, ...ofHooks].sort());
      for (const [name, { content, labels }] of ours) {
        const other = theirs.get(name);
        if (other === undefined) continue;
        expect(content, name).toEqual(other.content);
        expect(labels, name).toMatchObject(other.labels);
        const own = Object.keys(labels).filter((label) => !labelsOfHelm.includes(label));
        expect(Object.keys(other.labels), name).toEqual(expect.arrayContaining(own));
      }
    });

    it('runs every pod as the namespace demands (Pod Security, restricted)', async () => {
      expect(await judgePods(given().kubernetes, objects)).toBeGreaterThan(5);
    });

    it('is accepted by the API server with values other than the defaults', async () => {
      const text = await rendered(otherValues);
      const built = await judged(given().kubernetes, text, ['--namespace', 'secureconnect']);
      const names = built.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(names).toContain('Ingress/api-gateway');
      expect(names).not.toContain('HorizontalPodAutoscaler/auth-service');
      expect(await judgePods(given().kubernetes, built)).toBeGreaterThan(5);
      expect(environmentOf(built, 'chat-service')).toMatchObject({
        REDIS_CLUSTER: 'redis-1.internal:6379,redis-2.internal:6379',
        DATABASE_URL:
          'postgresql://sc%40team:$(DATABASE_PASSWORD)@db.internal:5433/chat?sslmode=verify-full',
        // As Helm reads numbers, unless told otherwise: 2.147483648e+09.
        STORAGE_QUOTA_BYTES: '2147483648',
        LOG_LEVEL: 'debug',
      });
      const { template } = workloadOf(built, 'chat-service');
      expect(template.spec.containers[0]?.image).toBe(
        `registry.internal/team/secureconnect/chat@sha256:${'0'.repeat(64)}`,
      );
    });

    releases(given, productionValues);
  });
}
