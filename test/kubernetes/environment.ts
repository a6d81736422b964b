import { ConfigError } from '@secureconnect/service';
import { readers } from './known-variables.ts';
import { kinds, type Manifest, workloadOf } from './manifest.ts';

/** A value that each secret of production may have. */
export const sampleSecrets: Readonly<Record<string, string>> = {
  'secureconnect/DATABASE_URL': 'postgresql://secureconnect:own@db.internal:5432/secureconnect',
  'secureconnect/JWT_SECRET': 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
  'secureconnect/FACTOR_SECRET': 'p7Lw3nB9yT5rE1qU6iO2aS8dF4gH0jKc',
  'secureconnect/SIGNALS_TOKEN': 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
  'secureconnect/SMTP_URL': 'smtps://mail.internal',
  'secureconnect/CASSANDRA_USERNAME': 'secureconnect',
  'secureconnect/CASSANDRA_PASSWORD': 'own',
  'secureconnect/S3_ACCESS_KEY': 'secureconnect',
  'secureconnect/S3_SECRET_KEY': 'own',
  'secureconnect/TURN_SECRET': 'm4Zc8xN2vB6kL0jH5gF1dS7aP3oI9uYt',
  'redis/password': 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
};

/** The environment of a service's container. */
export function environmentOf(manifests: readonly Manifest[], service: string): NodeJS.ProcessEnv {
  const [container] = workloadOf(manifests, service).template.spec.containers;
  const given = (container?.envFrom ?? []).map(({ configMapRef }) =>
    kinds(manifests, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef?.name),
  );
  const settings = Object.assign({}, ...given.map((map) => map?.data));
  const secrets = (container?.env ?? []).map(({ name, value, valueFrom }) => {
    const { name: secret = '', key = '' } = valueFrom?.secretKeyRef ?? {};
    const [made] = kinds(manifests, 'Secret').filter(({ metadata }) => metadata.name === secret);
    const encoded = made?.data?.[key];
    const held =
      encoded === undefined
        ? sampleSecrets[`${secret}/${key}`]
        : Buffer.from(encoded, 'base64').toString();
    return [name, value ?? held] as const;
  });
  // The kubelet gives this to every container.
  return { KUBERNETES_SERVICE_HOST: '10.0.0.1', ...settings, ...Object.fromEntries(secrets) };
}

/** What a service says of its settings at its start; '' if it takes them. */
export function complaintOf(service: string, environment: NodeJS.ProcessEnv): string {
  try {
    readers[service]?.(environment);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
