import { type UpstreamName, upstreamNames } from './names.ts';
import type { Timeouts } from './timeouts.ts';
import { Upstream } from './upstream.ts';

/** Opens the pools of every service; they connect when first used. */
export function openUpstreams(
  origins: Readonly<Record<UpstreamName, readonly string[]>>,
  timeouts: Timeouts,
): Readonly<Record<UpstreamName, Upstream>> {
  const opened = upstreamNames.map((name) => [name, new Upstream(name, origins[name], timeouts)]);
  return Object.fromEntries(opened) as Readonly<Record<UpstreamName, Upstream>>;
}
