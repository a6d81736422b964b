import { connectionValues } from './connection-values.ts';
import { networkValues } from './network-values.ts';
import { migrationValues, serviceValues, type Workload } from './service-values.ts';
import {
  choice,
  type Entries,
  environment,
  flag,
  type Group,
  kubernetesList,
  pairs,
  text,
} from './setting.ts';
import type { Settings } from './settings.ts';

export interface ChartFacts {
  readonly settings: Settings;
  /** Lines of a template: the keys that the Secret must have. */
  readonly requiredKeys: string;
  /** By the names of their values: the five services, and `migrations`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The ports of each policy to a store. */
  readonly storePorts: ReadonlyMap<string, readonly number[]>;
}

/** All values of the chart, in the order of values.yaml. */
export function chartValues(facts: ChartFacts): Entries {
  const { settings, workloads } = facts;
  const services = [...workloads].map(([name, workload]) => {
    const values = name === 'migrations' ? migrationValues : serviceValues;
    return [name, values(name, workload, settings.names)] as const;
  });
  return {
    image,
    existingSecret: text(
      'The Secret with the keys that README.md lists: database, tokens, mail, S3 and others. The ' +
        'chart contains no secret; create it first.',
      'secureconnect',
    ),
    ...connectionValues,
    settings: environment(
      'Environment variables of all services, by their names; README.md of the repository, ' +
        'Configuration, explains them. An empty text means the default. Ports, names of Services, ' +
        'secrets, and whatever has a value above are not among them.',
      settings.names,
      Object.fromEntries(settings.defaults),
    ),
    ...Object.fromEntries(services),
    alerts,
    ingress,
    networkPolicies: networkValues(facts.storePorts),
    monitoring,
  };
}

const image: Group = {
  description: 'The images of all services and of the migrations.',
  entries: {
    registry: text('Registry and folder before the name of each image: registry.example.com/team.'),
    tag: text('The tag of all images. Empty: the appVersion of the chart.'),
    pullPolicy: choice('When nodes pull images.', ['IfNotPresent', 'Always', 'Never']),
    pullSecrets: kubernetesList('Secrets of the registry: [{ name: registry }].'),
  },
};

const alerts: Group = {
  description: 'Remediation requests of the alerts that Alertmanager delivers.',
  entries: {
    sink: choice(
      'The store of remediation requests: postgres, or kubernetes, as objects in the namespace of ' +
        'the release.',
      ['postgres', 'kubernetes'],
    ),
    definitions: flag(
      'With the sink kubernetes: whether the chart installs the definitions of these objects, ' +
        'which belong to the whole cluster. They stay when the chart is uninstalled.',
      true,
    ),
  },
};

const ingress: Group = {
  description: 'An Ingress in front of the gateway. It must pass WebSockets.',
  entries: {
    enabled: flag('Whether there is one.', false),
    className: text('The class of the Ingress, such as nginx. Empty: the default of the cluster.'),
    host: text('The name by which clients reach the gateway. Required.'),
    annotations: pairs('Annotations for the controller, such as time limits of sockets.'),
    tls: {
      description: 'TLS at the Ingress.',
      entries: {
        enabled: flag('Off only if something in front of the Ingress has TLS.', true),
        secretName: text('The Secret with the certificate. Required with TLS.'),
      },
    },
  },
};

const monitoring: Group = {
  description: 'Objects of the Prometheus operator, which must be in the cluster.',
  entries: {
    enabled: flag('Whether the chart installs ServiceMonitors and PrometheusRules.', false),
    namespace: text('The namespace of Prometheus and Alertmanager.', 'monitoring'),
    labels: pairs('Labels by which the operator chooses what it reads, such as a release.'),
  },
};
