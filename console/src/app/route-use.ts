/** How a route has answered: as always, with a fallback, or not at all while Redis is down. */
export type RouteMode = 'normal' | 'fallback' | 'refused';

/** A port whose fallback an answer has used. */
export interface FallbackUse {
  readonly port: string;
  /** As in docs/degradation.md: local, durable, snapshot or skip; frames do not tell. */
  readonly kind?: string;
}

/** One answer of a route. */
export interface RouteUse {
  /** Such as `POST /v1/messages`, or `WS /v1/ws/chat chat` for a frame. */
  readonly route: string;
  readonly mode: RouteMode;
  readonly fallbacks: readonly FallbackUse[];
}

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;

/** A route by a method and a path in which ids stand. */
export function routeOf(method: string, path: string): string {
  return `${method} ${path.replaceAll(uuid, ':id')}`;
}

/** How a route has answered, by what its answer says. */
export function useOf(
  route: string,
  fallbacks: readonly FallbackUse[],
  code: string | undefined,
): RouteUse {
  if (code === 'SERVICE_DEGRADED') return { route, mode: 'refused', fallbacks };
  return { route, mode: fallbacks.length > 0 ? 'fallback' : 'normal', fallbacks };
}

/** What the header `X-Degraded` names: `rate-limit=local, presence=skip`. */
export function fallbacksIn(header: string | null): readonly FallbackUse[] {
  const entries = (header ?? '').split(/[,;]/).map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [port = '', kind] = entry.split('=');
      return kind === undefined ? { port } : { port, kind };
    });
}
