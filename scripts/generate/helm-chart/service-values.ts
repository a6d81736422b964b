import type { JsonObject } from './json.ts';
import {
  choice,
  count,
  type Entries,
  environment,
  flag,
  type Group,
  kubernetesList,
  kubernetesObject,
  pairs,
  text,
} from './setting.ts';

/** What the base says of a workload. */
export interface Workload {
  /** Such as `secureconnect/gateway`. */
  readonly image: string;
  readonly resources: JsonObject;
  /** Absent for the migrations. */
  readonly replicas?: { readonly min: number; readonly max: number };
}

/** The values of a service. */
export function serviceValues(name: string, workload: Workload, names: readonly string[]): Group {
  const { min, max } = workload.replicas ?? {};
  if (min === undefined || max === undefined) throw new Error(`${name} has no autoscaler`);
  return {
    description: `The service ${name}.`,
    entries: {
      ...common(workload),
      replicas: count('Instances without autoscaling.', min),
      autoscaling: {
        description: 'A HorizontalPodAutoscaler; it needs the metrics server.',
        entries: {
          enabled: flag('Whether there is one.', true),
          minReplicas: count('Minimum number of instances.', min),
          maxReplicas: count('Maximum number of instances.', max),
        },
      },
      settings: environment('Environment variables of this service alone.', names),
      ...own(name),
      podAnnotations: pairs('Annotations of the pods.'),
      ...scheduling,
    },
  };
}

/** The values of the migrations. */
export function migrationValues(_: string, workload: Workload, names: readonly string[]): Group {
  return {
    description: 'The Job that migrates the schemas before each installation and upgrade.',
    entries: {
      enabled: flag('Off only if the schemas are migrated in some different way.', true),
      ...common(workload),
      settings: environment('Environment variables of the migrations alone.', names),
      ...scheduling,
    },
  };
}

function own(service: string): Entries {
  if (service !== 'gateway') return {};
  return {
    service: {
      description: 'The Service that clients, or the proxy in front, connect to.',
      entries: {
        type: choice('Its type.', ['ClusterIP', 'LoadBalancer', 'NodePort']),
        annotations: pairs('Annotations for the controller of load balancers.'),
        externalTrafficPolicy: choice(
          'For LoadBalancer and NodePort: Local keeps the addresses of clients, by which limits ' +
            'count.',
          ['Local', 'Cluster'],
        ),
      },
    },
  };
}

function common({ image, resources }: Workload): Entries {
  return {
    image: {
      description: 'The image, below image.registry.',
      entries: {
        repository: text('Name of the image.', image),
        tag: text('Empty: image.tag.'),
        digest: text('A digest, sha256:…, in place of the tag.'),
      },
    },
    resources: kubernetesObject('Requests and limits.', resources),
    env: kubernetesList(
      'Further entries of env, such as a variable of a Secret: [{ name, valueFrom }].',
    ),
  };
}

const scheduling: Entries = {
  nodeSelector: pairs('Labels of the nodes.'),
  tolerations: kubernetesList('Taints that the pods tolerate.'),
  affinity: kubernetesObject('In place of the default: different nodes, if possible.'),
};
