import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const folder = join(import.meta.dirname, '../../deploy/redis-ha');
export const numbers = [0, 1, 2] as const;
export type PodNumber = (typeof numbers)[number];

/** A pod of one of the two StatefulSets. */
export interface Pod {
  readonly kind: 'redis' | 'sentinel';
  readonly number: PodNumber;
}

export const redis = (number: PodNumber): Pod => ({ kind: 'redis', number });
export const sentinel = (number: PodNumber): Pod => ({ kind: 'sentinel', number });
export const servers = numbers.map(redis);
export const sentinels = numbers.map(sentinel);

/** The pods of both StatefulSets, run by the scripts that the cluster runs. */
export interface Pods extends AsyncDisposable {
  readonly password: string;
  /** What the master is called. */
  readonly masterName: string;
  /** Where a pod is reached from here. */
  address(pod: Pod): { readonly host: string; readonly port: number };
  /** How the sentinels name a server. */
  nameOf(pod: Pod): string;
  /** Starts the command of the pod, which continues with the existing disk. */
  start(pod: Pod): Promise<void>;
  /** Ends it as the loss of its node would. */
  kill(pod: Pod): Promise<void>;
  freeze(pod: Pod): Promise<void>;
  thaw(pod: Pod): Promise<void>;
  /** Ends it as the kubelet does: preStop, SIGTERM. */
  stop(pod: Pod): Promise<void>;
  /** Runs the readiness probe of a server. */
  isReady(pod: Pod): Promise<boolean>;
  /** Empties the disk of one that does not run. */
  loseDisk(pod: Pod): Promise<void>;
  /** What it has printed. */
  log(pod: Pod): Promise<string>;
}

/** Shorter than in the cluster, where a failover begins after five seconds. */
const quick = {
  SENTINEL_DOWN_AFTER_MILLISECONDS: '1000',
  SENTINEL_FAILOVER_TIMEOUT_MILLISECONDS: '5000',
};

/** What the ConfigMap gives every pod, with other hosts and shorter times. */
export function settings(hosts: {
  readonly redis: string;
  readonly sentinel: string;
}): Readonly<Record<string, string>> {
  const text = readFileSync(join(folder, 'redis-sentinel-configmap.yaml'), 'utf8');
  const lines = [...text.matchAll(/^ {2}([A-Z_]+): "?([^"\n]*)"?$/gm)];
  const written = Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
  return { ...written, ...quick, REDIS_HOSTS: hosts.redis, SENTINEL_HOSTS: hosts.sentinel };
}
