import type { HostPort, NatMap } from '@secureconnect/degraded-mode/ioredis';
import { nameOf } from '@secureconnect/degraded-mode/ioredis/parts';
import { ConfigError } from '@secureconnect/service';

/** Reads `host:port,host:port,…`; an IPv6 address stands in brackets. Throws ConfigError naming `variable`. */
export function hostPorts(variable: string, list: string): readonly HostPort[] {
  return list.split(',').map((text) => {
    const address = hostPort(text);
    if (address !== undefined) return address;
    throw new ConfigError(`${variable} holds "${text}"; expected host:port,host:port,…`);
  });
}

/** Reads `host:port=host:port,…`. Throws ConfigError naming `variable`. */
export function natMap(variable: string, list: string): NatMap {
  const pairs = list.split(',').map((text) => {
    const [from, to] = text.split('=').map(hostPort);
    if (from !== undefined && to !== undefined && text.split('=').length === 2) {
      return [nameOf(from), to] as const;
    }
    throw new ConfigError(`${variable} holds "${text}"; expected host:port=host:port,…`);
  });
  return Object.fromEntries(pairs);
}

function hostPort(text: string): HostPort | undefined {
  const match = /^\s*(?:\[([\da-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})\s*$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}
