import { ConfigError, integer, list, secret, text } from '@secureconnect/service';
import { z } from 'zod';
import { type EnvironmentOverrides, environmentNamed } from './environment.ts';
import type { SinkConfig } from './sink-config.ts';

/** Who may deliver signals: holders of the token, clients admitted by a proxy, or anybody. */
export type SignalsAuth =
  /** If the token is undefined, everybody is refused. */
  | { readonly kind: 'token'; readonly token: string | undefined }
  | { readonly kind: 'mutual-tls' }
  | { readonly kind: 'off' };

export interface SignalsConfig {
  readonly auth: SignalsAuth;
  readonly sink: SinkConfig;
  readonly environments: EnvironmentOverrides;
  /** How long closed requests are kept; 0 keeps them forever. */
  readonly closedRetentionDays: number;
}

const authKinds = ['token', 'mutual-tls', 'off'] as const;
const sinks = ['postgres', 'kubernetes'] as const;

/** The types of the variables. */
export const signalsToken = secret(16)
  .refine((value) => /^[\w.~+/=-]+$/.test(value), { error: 'letters, digits and -._~+/=' })
  .optional();
export const signalsAuth = z.enum(authKinds, { error: authKinds.join(', ') }).default('token');
export const signalsSink = z.enum(sinks, { error: sinks.join(' or ') }).default('postgres');
export const signalsEnvironments = list('');
export const signalsKubernetesNamespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'the name of a namespace' })
  .optional();
export const kubeconfigPath = text('the path of a kubeconfig').optional();
export const signalsClosedRetentionDays = integer({ from: 0, to: 3650, default: 30 });

export interface SignalsVariables {
  readonly SIGNALS_TOKEN: string | undefined;
  readonly SIGNALS_AUTH: (typeof authKinds)[number];
  readonly SIGNALS_SINK: (typeof sinks)[number];
  readonly SIGNALS_ENVIRONMENTS: readonly string[];
  readonly SIGNALS_KUBERNETES_NAMESPACE: string | undefined;
  readonly SIGNALS_CLOSED_RETENTION_DAYS: number;
  readonly KUBECONFIG: string | undefined;
}

/** The settings of the ingest. Throws ConfigError if they contradict each other. */
export function signalsConfig(values: SignalsVariables, production: boolean): SignalsConfig {
  return {
    auth: authOf(values, production),
    sink: sinkOf(values),
    environments: new Map(values.SIGNALS_ENVIRONMENTS.map(override)),
    closedRetentionDays: values.SIGNALS_CLOSED_RETENTION_DAYS,
  };
}

function sinkOf(values: SignalsVariables): SinkConfig {
  if (values.SIGNALS_SINK === 'postgres') return { kind: 'postgres' };
  const { SIGNALS_KUBERNETES_NAMESPACE: namespace, KUBECONFIG: kubeconfig } = values;
  if (namespace === undefined) {
    throw new ConfigError(
      'SIGNALS_KUBERNETES_NAMESPACE is not set; with SIGNALS_SINK=kubernetes, set it to the ' +
        'namespace of the remediation requests.',
    );
  }
  return { kind: 'kubernetes', namespace, kubeconfig };
}

function authOf(values: SignalsVariables, production: boolean): SignalsAuth {
  const { SIGNALS_AUTH: kind, SIGNALS_TOKEN: token } = values;
  if (kind === 'off' && production) {
    throw new ConfigError('SIGNALS_AUTH is "off"; in production it must be token or mutual-tls.');
  }
  if (kind !== 'token') return { kind };
  if (token === undefined && production) {
    throw new ConfigError('SIGNALS_TOKEN is not set; expected a secret of at least 16 bytes.');
  }
  return { kind, token };
}

function override(entry: string): readonly [string, ReturnType<typeof known>] {
  const [namespace = '', name = '', ...more] = entry.split('=').map((part) => part.trim());
  if (namespace !== '' && more.length === 0) return [namespace, known(name, entry)];
  throw wrongOverride(entry);
}

function known(name: string, entry: string) {
  const environment = environmentNamed(name);
  if (environment === undefined) throw wrongOverride(entry);
  return environment;
}

function wrongOverride(entry: string): ConfigError {
  return new ConfigError(
    `SIGNALS_ENVIRONMENTS holds "${entry}"; expected namespace=prod, =staging or =dev, ….`,
  );
}
