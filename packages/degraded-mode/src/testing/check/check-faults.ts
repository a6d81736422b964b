import type { FaultProxy } from '../faults/fault-proxy.ts';
import { errorFaults, type ProxyFault, proxyFaults } from '../faults/proxy-faults.ts';
import { redisFaults } from '../faults/redis-faults.ts';
import type { RedisServer } from '../servers/redis-server.ts';
import type { Expected } from './outcome.ts';

/** The way to a Redis through a proxy. */
export interface Way {
  readonly redis: RedisServer;
  readonly proxy: FaultProxy;
}

/** A way for the Redis of an app to fail. */
export interface CheckFault {
  readonly name: string;
  /** What is right while it lasts. */
  readonly expected: Expected;
  /** It begins before the app starts. */
  readonly atBoot?: true;
  /** What was prepared in Redis is lost. */
  readonly losesData?: true;
  begin(way: Way): Promise<void>;
  end(way: Way): Promise<void>;
}

function ofProxy({ name, reach, begin, end }: ProxyFault): CheckFault {
  // An app may set a limit of calls that a slow Redis keeps.
  const expected = reach === 'nothing' && !name.startsWith('slow') ? 'degraded' : 'either';
  return { name, expected, begin: ({ proxy }) => begin(proxy), end: ({ proxy }) => end(proxy) };
}

/** Every fault of the check: of the server, of the connection, of the replies. */
export const checkFaults: readonly CheckFault[] = [
  ...redisFaults.map(
    ({ name, begin, end }): CheckFault => ({
      name,
      expected: 'degraded',
      ...(name.endsWith('empty') ? { losesData: true } : {}),
      begin: ({ redis }) => begin(redis),
      end: ({ redis }) => end(redis),
    }),
  ),
  {
    name: 'down when the app starts',
    expected: 'degraded',
    atBoot: true,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.restart(),
  },
  ...[...proxyFaults, ...errorFaults].map(ofProxy),
];
