import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';
import { type UpstreamName, upstreamNames } from './names.ts';
import { resolveBySystem } from './origin.ts';
import type { Timeouts } from './timeouts.ts';
import { Upstream } from './upstream.ts';
import { createUpstreamMode, monitorUpstream } from './upstream-mode.ts';

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

/** The mode of each service behind the gateway. */
export type UpstreamModes = { readonly [Name in UpstreamName]: DegradedMode<Name> };

/** Follows the services from now on; `resources` end that. */
export async function openUpstreamModes(
  service: string,
  upstreams: Readonly<Record<UpstreamName, Upstream>>,
  resources: AsyncDisposableStack,
): Promise<UpstreamModes> {
  const modeOf = <Name extends UpstreamName>(name: Name) =>
    createUpstreamMode(service, name, upstreams[name]);
  const modes: UpstreamModes = {
    auth: modeOf('auth'),
    chat: modeOf('chat'),
    video: modeOf('video'),
    storage: modeOf('storage'),
  };
  for (const name of upstreamNames) {
    const monitor = monitorUpstream(modes[name], upstreams[name]);
    resources.defer(() => monitor.stop());
    await monitor.start();
  }
  return modes;
}

/** Resolves the names of all services again. Rejects if one cannot be resolved. */
export async function refreshUpstreams(upstreams: readonly Upstream[]): Promise<void> {
  const refreshed = await Promise.allSettled(
    upstreams.map((upstream) => upstream.refresh(resolveBySystem)),
  );
  const failed = refreshed.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
