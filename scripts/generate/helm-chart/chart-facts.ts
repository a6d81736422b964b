import { type BaseFile, nameOf, readObjects } from './base-objects.ts';
import { type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import { storePolicies } from './network-policies.ts';
import type { Workload } from './service-values.ts';
import { chartSettings } from './settings.ts';
import type { ChartFacts } from './values.ts';
import { requiredKeys } from './variables.ts';

/** What the base says that becomes defaults of the values. */
export async function chartFacts(files: readonly BaseFile[]): Promise<ChartFacts> {
  const objects = files.flatMap((file) => file.objects);
  const ofKind = (kind: string): readonly JsonObject[] =>
    objects.filter((object) => object['kind'] === kind);
  const bounds = new Map(ofKind('HorizontalPodAutoscaler').map(boundsOf));
  const running = [...ofKind('Deployment'), ...ofKind('Job')];
  const workloads = running.map((object) => {
    const workload = workloadOf(object);
    const replicas = bounds.get(nameOf(object));
    return [valuesOf(workload.image), replicas ? { ...workload, replicas } : workload] as const;
  });
  return {
    settings: await chartSettings(files),
    requiredKeys: requiredKeys(running.map((object) => containerOf(object)['env'] ?? [])),
    workloads: new Map(workloads),
    storePorts: await storePorts(objects),
  };
}

/** `gateway` of `secureconnect/gateway`, and `migrations` of `secureconnect/migrate`. */
function valuesOf(image: string): string {
  const name = image.replace(/^secureconnect\//, '');
  return name === 'migrate' ? 'migrations' : name;
}

function containerOf(object: JsonObject): JsonObject {
  const spec = objectOf(object['spec'], 'spec');
  const pod = objectOf(objectOf(spec['template'], 'template')['spec'], 'the pod');
  const [only] = listOf(pod['containers'], 'containers');
  return objectOf(only, 'a container');
}

function workloadOf(object: JsonObject): Workload {
  const container = containerOf(object);
  return {
    image: textOf(container['image'], 'an image'),
    resources: objectOf(container['resources'], 'resources'),
  };
}

function boundsOf(object: JsonObject): readonly [string, { min: number; max: number }] {
  const { scaleTargetRef, minReplicas, maxReplicas } = objectOf(object['spec'], 'spec');
  const name = textOf(objectOf(scaleTargetRef, 'scaleTargetRef')['name'], 'a name');
  return [name, { min: Number(minReplicas), max: Number(maxReplicas) }];
}

async function storePorts(
  objects: readonly JsonObject[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const policies = await readObjects('overlays/production/network-policies.yaml');
  const ports = new Map(
    policies.map((object) => [storePolicies[nameOf(object)]?.value ?? '', portsOf(object)]),
  );
  const redis = objects.find((object) => nameOf(object) === 'redis-clients');
  return ports.set('redis', portsOf(objectOf(redis, 'redis-clients')));
}

function portsOf(policy: JsonObject): readonly number[] {
  const rules = listOf(objectOf(policy['spec'], 'spec')['egress'], 'egress');
  return rules.flatMap((rule: Json) =>
    listOf(objectOf(rule, 'a rule')['ports'], 'ports').map((each) =>
      Number(objectOf(each, 'a port')['port']),
    ),
  );
}
