import type { Environment } from '@secureconnect/contracts';

/** The environments that operators have set for namespaces. */
export type EnvironmentOverrides = ReadonlyMap<string, Environment>;

/**
 * Labels with the environment of the namespace, from a relabelling rule of Prometheus or from
 * kube-state-metrics.
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

/** Parses an environment; undefined for any other text. */
export function environmentNamed(text: string): Environment | undefined {
  return names.get(text.toLowerCase());
}

/**
 * The environment of a signal: from its namespace's label, then the overrides, otherwise `unknown`.
 */
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
