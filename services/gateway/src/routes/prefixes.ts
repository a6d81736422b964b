import type { AnyEndpoint } from '@secureconnect/contracts';
import { auth, chat, storage, video } from '@secureconnect/contracts/endpoints';
import { type UpstreamName, upstreamNames } from '../proxy/upstreams/names.ts';

const endpointsOf: Readonly<Record<UpstreamName, Readonly<Record<string, AnyEndpoint>>>> = {
  ...{ auth, chat, video, storage },
};

/** A path prefix and the service that serves it. */
export interface Prefix {
  readonly path: string;
  readonly service: UpstreamName;
}

/** The prefixes that the gateway proxies over HTTP: the first segments of every endpoint's path. */
export const prefixes: readonly Prefix[] = upstreamNames.flatMap((service) => {
  const paths = Object.values(endpointsOf[service]).flatMap(({ kind, path }) =>
    kind === 'http' ? [prefixOf(path)] : [],
  );
  return [...new Set(paths)].sort().map((path) => ({ path, service }));
});

/**
 * `/v1/calls` for `/v1/calls/:call_id/end`; the whole path for `/v1/ws/ticket`, next to the
 * sockets.
 */
function prefixOf(path: string): string {
  const segments = path.split('/');
  return segments.slice(0, segments[2] === 'ws' ? 4 : 3).join('/');
}
