import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type GatewayConfig, readGatewayConfig } from '@secureconnect/gateway';
import {
  type KubernetesAddress,
  kubernetesSkipReason,
  sharedKubernetes,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdSecrets } from './created-secrets.ts';
import { describeChart } from './describe-chart.ts';
import { complaintOf, environmentOf } from './environment.ts';
import { readers, variablesRead } from './known-variables.ts';
import { deployments, kinds, type Manifest, matches, workloads } from './manifest.ts';
import { allowedConnections } from './network.ts';
import { buildOverlays, type Deploy, judged, judgePods, overlays } from './overlay.ts';
import { ownOverlay } from './own-overlay.ts';
import { sampleSecrets } from './sample-secrets.ts';
import { turnComponent } from './turn-component.ts';
import { upgrades } from './upgrades.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const services = Object.keys(readers);

describe.skipIf(kubernetesSkipReason !== '')(`deploy/kubernetes${kubernetesSkipReason}`, () => {
  let parts: AsyncDisposableStack;
  let kubernetes: KubernetesAddress;
  let deploy: Deploy;

  beforeAll(async () => {
    parts = new AsyncDisposableStack();
    kubernetes = parts.use(await sharedKubernetes());
    // Both overlays are judged by the API server on the way.
    deploy = parts.use(await buildOverlays(kubernetes));
  }, 180_000);
  afterAll(() => parts.disposeAsync());

  it('is refused by the API server if a field is unknown', async () => {
    const wrong = {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { name: 'a' },
      spec: { prts: [] },
    };
    await expect(judged(kubernetes, JSON.stringify(wrong))).rejects.toThrow('unknown field');
  });

  describe.each(overlays)('the overlay %s', (overlay) => {
    const built = (): readonly Manifest[] => deploy.built[overlay];

    it('has the five services', () => {
      expect(
        deployments(built())
          .map(({ name }) => name)
          .sort(),
      ).toEqual([...services].sort());
    });

    it('runs every pod as the namespace demands (Pod Security, restricted)', async () => {
      expect(await judgePods(kubernetes, built())).toBeGreaterThan(5);
    });

    it('gives every container limits, a read-only root and no capability', () => {
      for (const { name, template } of workloads(built())) {
        for (const container of template.spec.containers) {
          expect(Object.keys(container.resources?.limits ?? {}), name).toEqual(['cpu', 'memory']);
          expect(Object.keys(container.resources?.requests ?? {}), name).toEqual(['cpu', 'memory']);
          expect(container.securityContext, name).toMatchObject({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
        }
      }
    });

    it('names a version of every image, of ours that of package.json', () => {
      const { version } = JSON.parse(read('package.json'));
      const images = workloads(built()).flatMap(({ template }) =>
        template.spec.containers.map(({ image }) => image),
      );
      expect(
        images.filter((image) => !/:[\w.-]+$/.test(image) || image.endsWith(':latest')),
      ).toEqual([]);
      const ours = images.filter((image) => image.startsWith('secureconnect/'));
      // SECURECONNECT_VERSION=… docker-compose build makes images of these very names.
      const made = read('docker-compose.yml').matchAll(
        /image: (secureconnect\/\w+):\$\{SECURECONNECT_VERSION:-latest\}/g,
      );
      expect(ours.sort()).toEqual([...made].map(([, name]) => `${name}:${version}`).sort());
      expect(ours).toHaveLength(6);
    });

    it('probes every service for liveness and readiness, and gives it time to stop', () => {
      const [, digits = ''] =
        /maxStopMs = ([\d_]+)/.exec(read('packages/service/src/lifecycle/run-service.ts')) ?? [];
      const maxStopSeconds = Number(digits.replace('_', '')) / 1000;
      expect(maxStopSeconds).toBeGreaterThan(0);
      for (const { template, manifest } of deployments(built())) {
        const [container] = template.spec.containers;
        expect(container?.startupProbe?.httpGet?.path).toBe('/live');
        expect(container?.livenessProbe?.httpGet?.path).toBe('/live');
        expect(container?.readinessProbe?.httpGet?.path).toBe('/ready');
        const leaveSeconds = container?.lifecycle?.preStop?.sleep?.seconds ?? 0;
        expect(leaveSeconds).toBeGreaterThan(0);
        expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
          leaveSeconds + maxStopSeconds,
        );
        expect(manifest.spec.strategy?.rollingUpdate?.maxUnavailable).toBe(0);
      }
    });

    it('mounts a token of the API server in no pod but the gateway that uses it', () => {
      const withToken = workloads(built())
        .filter(({ template }) => template.spec.automountServiceAccountToken !== false)
        .map(({ name }) => name);
      expect(withToken).toEqual(overlay === 'production' ? ['api-gateway'] : []);
      for (const { template } of workloads(built())) {
        expect(template.spec.enableServiceLinks).toBe(false);
      }
    });

    it('has no selector that selects nothing', () => {
      const pods = workloads(built()).map(({ template }) => template);
      for (const { name, template, manifest } of workloads(built())) {
        if (manifest.kind === 'Job') continue; // the API server writes its selector itself
        expect(matches(manifest.spec.selector ?? {}, template.metadata.labels), name).toBe(true);
      }
      for (const service of kinds(built(), 'Service')) {
        const selected = pods.filter(({ metadata }) =>
          matches({ matchLabels: service.spec.selector ?? {} }, metadata.labels),
        );
        expect(selected, service.metadata.name).toHaveLength(1);
        const names = selected[0]?.spec.containers.flatMap(({ ports = [] }) => ports);
        const targets = service.spec.ports?.map(({ targetPort }) => targetPort) ?? [];
        expect(names?.map(({ name }) => name)).toEqual(expect.arrayContaining(targets));
      }
      const selectors = kinds(built(), 'NetworkPolicy').flatMap(({ spec, metadata }) => [
        { of: metadata.name, selector: spec.podSelector ?? {} },
        ...[...(spec.ingress ?? []), ...(spec.egress ?? [])]
          .flatMap(({ from = [], to = [] }) => [...from, ...to])
          .filter(({ namespaceSelector }) => namespaceSelector === undefined)
          .map(({ podSelector = {} }) => ({ of: metadata.name, selector: podSelector })),
      ]);
      const nothing = selectors.filter(
        ({ selector }) => !pods.some(({ metadata }) => matches(selector, metadata.labels)),
      );
      // Of the sentinels there are none in the local overlay.
      expect(nothing.map(({ of }) => of)).toEqual(overlay === 'local' ? ['redis-clients'] : []);
    });

    it('gives each service variables that it knows, and with which it starts', () => {
      const known = new Set<string>();
      for (const name of services) {
        for (const each of variablesRead(name, environmentOf(built(), name))) known.add(each);
      }
      const [settings] = kinds(built(), 'ConfigMap').filter(
        ({ metadata }) => metadata.name === 'migrations',
      );
      // The Cassandra of the migrations is read by chat, too.
      const unknown = Object.keys(settings?.data ?? {}).filter((name) => !known.has(name));
      expect(unknown).toEqual([]);
      for (const { name, template } of deployments(built())) {
        const own = variablesRead(name, environmentOf(built(), name));
        const given = template.spec.containers.flatMap(({ env = [] }) => env);
        expect(given.filter((each) => !own.has(each.name))).toEqual([]);
      }
    });

    it('serves the metrics of the gateway on no port of its clients', () => {
      const named = kinds(built(), 'Service').filter(
        ({ spec }) => spec.selector?.['app.kubernetes.io/name'] === 'api-gateway',
      );
      const targets = named.map(({ metadata, spec }) => [
        metadata.name,
        spec.ports?.map(({ targetPort }) => targetPort),
      ]);
      expect(Object.fromEntries(targets)).toEqual({
        'api-gateway': ['http'],
        'api-gateway-metrics': ['metrics'],
      });
      const fromAnywhere = kinds(built(), 'NetworkPolicy')
        .flatMap(({ spec }) => spec.ingress ?? [])
        .filter(({ from }) => from === undefined)
        .flatMap(({ ports = [] }) => ports.map(({ port }) => port));
      expect(fromAnywhere).toEqual(['http']);
      const { port, metrics } = gatewayConfigOf(built());
      expect([port, metrics.port]).toEqual([8080, 9464]);
    });

    it('trusts only the address of the connection, until proxies are named', () => {
      expect(gatewayConfigOf(built()).trustedProxies).toEqual([]);
    });

    it('allows exactly the connections that are needed', () => {
      expect(allowedConnections(built())).toEqual(connections[overlay]);
    });
  });

  it('lets no service of production start with the values that it must replace', () => {
    const shipped = parseEnv(read('deploy/kubernetes/overlays/production/settings.env'));
    const own = parseEnv(read('deploy/kubernetes/examples/own-overlay/settings.env'));
    const placeholders = Object.keys(shipped).filter((name) => shipped[name]?.includes('example'));
    const refused = services.flatMap((name) => {
      const given = { ...environmentOf(deploy.built.production, name), ...shipped };
      return [...complaintOf(name, given).matchAll(/^(\w+) names /gm)].map(
        ([, refusal]) => refusal,
      );
    });
    // Nobody knows which addresses a mail server may send from.
    const expected = placeholders.filter((name) => name !== 'MAIL_FROM').sort();
    expect([...new Set(refused)].sort()).toEqual(expected);
    // The example of one's own overlay replaces each.
    expect(Object.keys(own)).toEqual(expect.arrayContaining(placeholders));
  });

  it('keeps every service of production up while nodes and loads come and go', () => {
    const { production } = deploy.built;
    for (const { name, template } of workloads(production)) {
      if (name === 'migrations') continue;
      const budgets = kinds(production, 'PodDisruptionBudget').filter(({ spec }) =>
        matches(spec.selector ?? {}, template.metadata.labels),
      );
      expect(budgets, name).toHaveLength(1);
    }
    const scaled = kinds(production, 'HorizontalPodAutoscaler').map(({ spec }) => {
      expect(spec.minReplicas).toBeGreaterThanOrEqual(2);
      return `${spec.scaleTargetRef?.kind}/${spec.scaleTargetRef?.name}`;
    });
    expect(scaled.sort()).toEqual(services.map((name) => `Deployment/${name}`).sort());
  });

  it('refers to the secrets that its README names, and to no other', () => {
    const references = workloads(deploy.built.production)
      .flatMap(({ template }) => template.spec.containers)
      .flatMap(({ env = [] }) => env)
      .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
    const keysOf = (some: typeof references): string[] =>
      [...new Set(some.map(({ name, key }) => `${name}/${key}`))].sort();
    const rows = read('deploy/kubernetes/README.md').matchAll(/^\| `([\w-]+)` \| `(\w+)` \|/gm);
    expect(keysOf(references)).toEqual([...rows].map(([, name, key]) => `${name}/${key}`).sort());
    const required = references.filter(({ optional }) => optional !== true);
    expect(keysOf(required)).toEqual(Object.keys(sampleSecrets).sort());
    expect(kinds(deploy.built.production, 'Secret')).toEqual([]);
  });

  describeChart(() => ({ kubernetes, deploy }));
  createdSecrets(() => kubernetes);
  ownOverlay(() => kubernetes);
  turnComponent(() => kubernetes);
  upgrades(() => ({ kubernetes, deploy }));

  /** As the gateway reads it. */
  function gatewayConfigOf(manifests: readonly Manifest[]): GatewayConfig {
    return readGatewayConfig(environmentOf(manifests, 'api-gateway'));
  }
});

const users = ['api-gateway', 'auth-service', 'chat-service', 'video-service'];
const behindGateway = [
  // Its other instances, for the fleet.
  'api-gateway → api-gateway:8080',
  'api-gateway → auth-service:8081',
  'api-gateway → chat-service:8082',
  'api-gateway → storage-service:8084',
  'api-gateway → video-service:8083',
];
const connections = {
  local: [
    ...behindGateway,
    ...users.map((name) => `${name} → redis:6379`),
    ...[...services, 'migrations'].map((name) => `${name} → postgres:5432`),
  ].sort(),
  production: [
    ...behindGateway,
    ...[...users, 'redis', 'redis-sentinel'].flatMap((name) => [
      `${name} → redis:6379`,
      `${name} → redis-sentinel:26379`,
    ]),
  ].sort(),
};
