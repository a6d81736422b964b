import type { Environment } from '@secureconnect/contracts';

/** The environments of namespaces that operators have named. */
export type EnvironmentOverrides = ReadonlyMap<string, Environment>;

/**
 * Labels that carry the label `environment` of the namespace: by a relabelling rule of Prometheus,
 * or as kube-state-metrics writes it.
 */
export const environmentLabels: readonly string[] = ['environment', 'env', 'label_environment'];

const names: ReadonlyMap<string, Environment> = new Map([
  ['prod', 'prod'],
  ['production', 'prod'],
  ['stage', 'staging'],
  ['staging', 'staging'],
  ['dev', 'dev'],
  ['development', 'dev'],
]);

/** The environment that a text names; undefined for any other text. */
export function environmentNamed(text: string): Environment | undefined {
  return names.get(text.toLowerCase());
}

/** Where a signal comes from: by its namespace's label, then by the overrides, else `unknown`. */
export function environmentOf(
  signal: {
    readonly labels: Readonly<Record<string, string>>;
    readonly namespace?: string | undefined;
  },
  overrides: EnvironmentOverrides,
): Environment {
  for (const name of environmentLabels) {
    const found = environmentNamed(signal.labels[name] ?? '');
    if (found !== undefined) return found;
  }
  return overrides.get(signal.namespace ?? '') ?? 'unknown';
}
