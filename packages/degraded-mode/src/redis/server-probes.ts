import type { Probes } from '../monitor.ts';
import { CannotServe } from './cannot-serve.ts';
import { DataWatch, type EpochKey } from './data-watch.ts';

/** All that a Redis can be asked. */
export type RedisProbes = Required<Omit<Probes, 'connected'>>;

/** One server, whatever the client. */
export interface ProbedServer {
  ping(): Promise<unknown>;
  /** The first word of its ROLE; undefined if this client may not ask. */
  role(): Promise<unknown>;
  /** Its INFO; without it, each recovery counts as the first contact. */
  info(): Promise<string>;
  readonly epochKey: EpochKey;
  /** What else a full probe tries. */
  alsoProbe?(): Promise<unknown>;
  /** What else is pinged. */
  alsoPing?(): Promise<unknown>;
}

/** The monitor's view of one server. */
export function createServerProbes(server: ProbedServer): RedisProbes {
  const data = new DataWatch(server.epochKey);

  async function isMaster(): Promise<void> {
    const role = await server.role();
    if (role !== undefined && role !== 'master') throw new CannotServe('READONLY role');
  }

  return {
    async full() {
      await Promise.all([server.ping(), isMaster(), data.check(), server.alsoProbe?.()]);
    },
    async ping() {
      await Promise.all([server.ping(), server.alsoPing?.()]);
    },
    async dataChange() {
      return data.change(await server.info());
    },
  };
}
