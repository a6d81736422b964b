import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { chart, helm, helmSkipReason, rendered, valuesFile } from './helm.ts';
import type { Manifest } from './manifest.ts';
import { type Deploy, judged, judgePods } from './overlay.ts';
import { comparable, labelsOfHelm } from './same-objects.ts';

/** What the tests of the chart share with those of the overlays. */
export interface ChartScene {
  readonly kubernetes: KubernetesAddress;
  readonly deploy: Deploy;
}

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
      expect(more).toEqual(['NetworkPolicy/migrations']);
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

    it('installs, changes nothing by a second upgrade, and rolls the pods of a new version', async () => {
      const { kubernetes, deploy } = given();
      const namespace = `chart-${randomUUID()}`;
      await kubectl(kubernetes, ['create', 'namespace', namespace]);
      await using values = await valuesFile({
        ...productionValues(deploy),
        // The definitions are in the cluster already, and not this release's.
        alerts: { sink: 'kubernetes', definitions: false },
        // Forty objects are enough; each takes three requests.
        monitoring: { enabled: false },
      });
      const upgrade = async (...options: readonly string[]): Promise<Map<string, number>> => {
        const target = ['--kubeconfig', kubernetes.kubeconfig, '--namespace', namespace];
        // No controller completes the Job of the hook here.
        const fixed = ['--install', '--no-hooks', '--values', values.path, '--qps', '500'];
        await helm('upgrade', 'secureconnect', chart, ...target, ...fixed, ...options);
        const list = await kubectl(kubernetes, [
          ...['get', 'deployments,services,configmaps,networkpolicies,roles,rolebindings'],
          ...['--namespace', namespace, '--output', 'json'],
        ]);
        const { items } = JSON.parse(list);
        return new Map(
          items.map(({ kind, metadata }: StoredObject) => [
            `${kind}/${metadata.name}`,
            metadata.resourceVersion,
          ]),
        );
      };
      const first = await upgrade();
      expect(await upgrade()).toEqual(first);
      const later = await upgrade('--set', 'image.tag=99.0.0');
      const changed = [...later].filter(([name, version]) => first.get(name) !== version);
      expect(changed.map(([name]) => name).sort()).toEqual(
        ['api-gateway', 'auth-service', 'chat-service', 'storage-service', 'video-service'].map(
          (name) => `Deployment/${name}`,
        ),
      );
    }, 60_000);
  });
}

interface StoredObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: number };
}
