import type { Labels, Manifest } from './manifest.ts';

/**
 * Objects by kind and name, without what Helm and Kustomize do differently on purpose:
 *
 * - Kustomize ends the name of a ConfigMap in a hash, and Helm annotates the pods with one.
 * - Kustomize names the Job by the version; Helm deletes it, as it is a hook.
 * - Helm annotates hooks; patches of Kustomize put variables and volumes first, the chart last.
 */
export function comparable(manifests: readonly Manifest[]): Map<string, Comparable> {
  return new Map(
    manifests.map((manifest) => {
      const { metadata, ...rest } = manifest;
      const name = plainName(metadata.name);
      const content = simplified(rest);
      return [`${manifest.kind}/${name}`, { content, labels: metadata.labels ?? {} }];
    }),
  );
}

export interface Comparable {
  readonly content: object;
  readonly labels: Labels;
}

/** Labels that every object of the chart has, and that Kustomize's have not or not all. */
export const labelsOfHelm = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
  'helm.sh/chart',
];

function plainName(name: string): string {
  return name.replace(/^(secureconnect)-[a-z0-9]{10}$/, '$1').replace(/(-\d+){3}$/, '');
}

/** Labels that the API server adds to a Job. */
const ofApiServer = /(^|\/)(controller-uid|job-name)$/;

const namedLists = new Set(['env', 'volumes', 'volumeMounts']);

function simplified(object: object): object {
  const text = JSON.stringify(object, (key, value) => {
    if (key === 'annotations' || key === 'status' || ofApiServer.test(key)) return undefined;
    if (namedLists.has(key)) return [...value].sort(byName);
    // Kustomize puts blank lines into folded texts.
    if (key === 'expr') return value.replace(/\s+/g, ' ');
    if (key === 'configMapRef') return { ...value, name: plainName(value.name) };
    return value;
  });
  return JSON.parse(text);
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name.localeCompare(other.name);
}
