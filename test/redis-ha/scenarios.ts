import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { ask, fields } from './ask.ts';
import { type Pod, type Pods, redis, sentinels, servers } from './pods.ts';
import type { WriteWatch } from './write-watch.ts';

/** Longer than any failover here, on a busy machine. */
const failover = { timeoutMs: 60_000, intervalMs: 100 };

/** A set of pods, and somebody who tries to write to all of them all the time. */
export interface Scene {
  readonly pods: Pods;
  readonly watch: WriteWatch;
}

/** The one master, on which all sentinels agree, with both replicas in step. */
export async function settled({ pods }: Scene): Promise<Pod> {
  return eventually(async () => {
    const said = await Promise.all(
      sentinels.map((each) => ask(pods, each, 'sentinel', 'master', pods.masterName)),
    );
    const known = said.map(fields);
    const master = servers.find(
      (each) => pods.nameOf(each) === `${known[0]?.['ip']}:${known[0]?.['port']}`,
    );
    if (master === undefined) throw new Error('the sentinels name no server of ours');
    const masters = known.map(({ ip, port }) => `${ip}:${port}`);
    expect(masters).toEqual(sentinels.map(() => pods.nameOf(master)));
    // Neither more sentinels than there are, nor a replica twice.
    expect(known.map((each) => each['num-other-sentinels'])).toEqual(['2', '2', '2']);
    expect(known.map((each) => each['num-slaves'])).toEqual(['2', '2', '2']);
    const roles = await Promise.all(servers.map((each) => ask(pods, each, 'role')));
    expect(roles.filter((role) => role.startsWith('master'))).toHaveLength(1);
    expect(await ask(pods, master, 'role')).toMatch(/^master/);
    const replication = await ask(pods, master, 'info', 'replication');
    expect(replication.match(/state=online/g)).toHaveLength(2);
    expect(await Promise.all(servers.map((each) => pods.isReady(each)))).toEqual([
      true,
      true,
      true,
    ]);
    return master;
  }, failover);
}

/** Waits until another server than `old` takes writes. */
export async function replaced({ watch }: Scene, old: Pod): Promise<Pod> {
  return eventually(() => {
    if (watch.lastTaker === undefined || watch.lastTaker === old.number) {
      throw new Error(`no other server than redis-${old.number} takes writes`);
    }
    return redis(watch.lastTaker);
  }, failover);
}

/** Writes where the master is, and waits until both replicas have it. */
export async function store({ pods }: Scene, master: Pod, value: string): Promise<void> {
  expect(await ask(pods, master, 'set', 'kept', value)).toBe('OK');
  await eventually(async () => {
    const kept = await Promise.all(servers.map((each) => ask(pods, each, 'get', 'kept')));
    expect(kept).toEqual([value, value, value]);
  }, failover);
}

/** What is stored, read from the master. */
export function stored({ pods }: Scene, master: Pod): Promise<string> {
  return ask(pods, master, 'get', 'kept');
}
