import { flag, type Group, kubernetesList, ports } from './setting.ts';

const purposes: Readonly<Record<string, string>> = {
  database: 'To PostgreSQL or CockroachDB, from all services and the migrations.',
  cassandra: 'To Cassandra, from chat and the migrations.',
  redis: 'To Redis and its sentinels, from all services except storage.',
  mail: 'To the mail server, from auth.',
  web: 'To OpenID providers, the range API of breached passwords and push services, from auth and video.',
  files: 'To S3 and the scan hook, from storage.',
  kubernetesApi: 'To the API server, from the gateway, with alerts.sink kubernetes.',
};

/** The values of the network policies, with the ports of the base. */
export function networkValues(storePorts: ReadonlyMap<string, readonly number[]>): Group {
  const egress = Object.entries(purposes).map(([name, purpose]) => {
    const group: Group = {
      description: `${purpose} Without ports there are no such connections.`,
      entries: {
        ports: ports('Ports.', storePorts.get(name) ?? []),
        to: kubernetesList('Peers: [{ ipBlock: { cidr } }]. Empty: any address.'),
      },
    };
    return [name, group] as const;
  });
  return {
    description: 'Network policies that allow only required connections.',
    entries: {
      enabled: flag('Whether there are any; the network of the cluster must enforce them.', true),
      gatewayFrom: kubernetesList(
        'Peers that may connect to the gateway, such as the Ingress controller: ' +
          '[{ namespaceSelector }]. Empty: any.',
      ),
      egress: {
        description: 'Connections to stores and servers outside the chart.',
        entries: Object.fromEntries(egress),
      },
    },
  };
}
