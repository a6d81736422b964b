import { ConfigError } from '@secureconnect/service';
import { readers } from './known-variables.ts';
import { kinds, type Manifest, workloadOf } from './manifest.ts';
import { sampleSecrets } from './sample-secrets.ts';

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
