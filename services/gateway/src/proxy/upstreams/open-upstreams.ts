import type { Logger } from '@secureconnect/service';
import { type UpstreamName, upstreamNames } from './names.ts';
import { resolveBySystem } from './origin.ts';
import type { Timeouts } from './timeouts.ts';
import { Upstream } from './upstream.ts';

/** Opens the pools of every service; they connect when first used. */
export function openUpstreams(
  origins: Readonly<Record<UpstreamName, readonly string[]>>,
  timeouts: Timeouts,
  log: Logger,
): Readonly<Record<UpstreamName, Upstream>> {
  const opened = upstreamNames.map((name) => [
    name,
    new Upstream(name, origins[name], timeouts, log),
  ]);
  return Object.fromEntries(opened) as Readonly<Record<UpstreamName, Upstream>>;
}

/** Resolves the names of all services again. Rejects if one cannot be resolved. */
export async function refreshUpstreams(upstreams: readonly Upstream[]): Promise<void> {
  const refreshed = await Promise.allSettled(
    upstreams.map((upstream) => upstream.refresh(resolveBySystem)),
  );
  const failed = refreshed.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
