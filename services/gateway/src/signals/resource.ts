import type { Resource } from './signal.ts';

/** The labels that name a resource, the first one that is there first. */
const kinds = [
  ['pod', 'Pod'],
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['job', 'Job'],
  ['node', 'Node'],
  ['service', 'Service'],
  ['instance', 'Instance'],
] as const;

export const resourceLabels: readonly string[] = kinds.map(([label]) => label);

/** What an alert is about, by its labels; `Unknown` where none of them names a resource. */
export function resourceOf(labels: Readonly<Record<string, string>>): Resource {
  for (const [label, kind] of kinds) {
    const name = labels[label];
    if (name !== undefined && name !== '') return { kind, name };
  }
  return { kind: 'Unknown', name: 'unknown' };
}
