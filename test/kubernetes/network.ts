import {
  type Labels,
  type Manifest,
  matches,
  type Peer,
  type Rule,
  workloads,
} from './manifest.ts';

/** The connections that the NetworkPolicies allow: "from → to:port", sorted. */
export function allowedConnections(manifests: readonly Manifest[]): string[] {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const pods = workloads(manifests).map(({ name, template }) => ({
    name,
    labels: template.metadata.labels,
    ports: template.spec.containers.flatMap(({ ports = [] }) => ports),
  }));
  const rulesFor = (labels: Labels, type: 'Ingress' | 'Egress'): readonly Rule[] =>
    policies
      .filter(({ spec }) => matches(spec.podSelector ?? {}, labels))
      .filter(({ spec }) => spec.policyTypes?.includes(type))
      .flatMap(({ spec }) => (type === 'Ingress' ? spec.ingress : spec.egress) ?? []);
  return pods
    .flatMap((from) =>
      pods.flatMap((to) =>
        to.ports
          .filter((port) => {
            const names = [port.name, port.containerPort];
            const out = rulesFor(from.labels, 'Egress').some(
              (rule) => hasPort(rule, names) && hasPeer(rule.to, to.labels),
            );
            const into = rulesFor(to.labels, 'Ingress').some(
              (rule) => hasPort(rule, names) && hasPeer(rule.from, from.labels),
            );
            return out && into;
          })
          .map(({ containerPort }) => `${from.name} → ${to.name}:${containerPort}`),
      ),
    )
    .sort();
}

function hasPort({ ports }: Rule, names: readonly (string | number)[]): boolean {
  return ports === undefined || ports.some(({ port }) => names.includes(port));
}

/** Whether a pod of the same namespace is meant. */
function hasPeer(peers: readonly Peer[] | undefined, labels: Labels): boolean {
  if (peers === undefined) return true;
  return peers.some(
    ({ podSelector, namespaceSelector }) =>
      namespaceSelector === undefined && matches(podSelector ?? {}, labels),
  );
}
