import { join } from 'node:path';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';

/** An object in the API server; its `resourceVersion` changes with each write to it. */
interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/**
 * `kubectl apply -k` of the production overlay in a copy of deploy/, with strict validation, for the
 * objects of the migrations and of the gateway alone: of the others none is different in kind.
 *
 * @returns the resource version of each object after it, by `Kind/name`.
 */
export async function applyProduction(
  kubernetes: KubernetesAddress,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const overlay = join(folder, 'kubernetes/overlays/production');
  const selector = 'app.kubernetes.io/name in (migrations, api-gateway)';
  const options = ['--validate=strict', '--output=json', '--selector', selector];
  const reply: { readonly items: readonly Stored[] } = JSON.parse(
    await kubectl(kubernetes, ['apply', '-k', overlay, ...options]),
  );
  return Object.fromEntries(
    reply.items.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion]),
  );
}
