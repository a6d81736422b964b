import { CannotLook } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';
import { type HostPort, nameOf, type RedisAddress, redisAddress } from './address.ts';
import { askCluster, type ClusterReport } from './ask-cluster.ts';
import { askSentinel, type SentinelReport } from './ask-sentinel.ts';
import { askServer, type ServerReport } from './ask-server.ts';

/** Everything that the checks of Redis look at. */
export interface RedisSurvey {
  readonly kind: RedisAddress['kind'];
  /** The server, the master of a set, or the masters of a cluster, as they answered. */
  readonly masters: readonly ServerReport[];
  readonly replicas: readonly ServerReport[];
  /** Servers that did not answer, and why: `host:port: reason`. */
  readonly silent: readonly string[];
  /** None unless the set has sentinels. */
  readonly sentinels: readonly SentinelReport[];
  readonly cluster: ClusterReport | undefined;
}

/** Asks every server of the deployment's Redis. Throws CannotLook if no variable names one. */
export async function surveyRedis(settings: Settings): Promise<RedisSurvey> {
  const address = redisAddress(settings);
  if (address === undefined) {
    throw new CannotLook('none of REDIS_URL, REDIS_SENTINELS and REDIS_CLUSTER is set');
  }
  switch (address.kind) {
    case 'single': {
      const { reports, silent } = await askAll([address.server], address);
      const cluster = undefined;
      return { kind: 'single', masters: reports, replicas: [], silent, sentinels: [], cluster };
    }
    case 'sentinel':
      return surveySentinels(address);
    case 'cluster':
      return surveyCluster(address);
  }
}

type SentinelAddress = Extract<RedisAddress, { kind: 'sentinel' }>;
type ClusterAddress = Extract<RedisAddress, { kind: 'cluster' }>;

async function surveySentinels(address: SentinelAddress): Promise<RedisSurvey> {
  const { masterName, sentinelAccess } = address;
  const sentinels = await Promise.all(
    address.sentinels.map((sentinel) => askSentinel(sentinel, masterName, sentinelAccess)),
  );
  const answers = sentinels.flatMap(({ answer }) => (typeof answer === 'string' ? [] : [answer]));
  const [first] = answers;
  const masters = await askAll(first === undefined ? [] : [first.master], address);
  const replicas = await askAll(first?.replicas ?? [], address);
  return {
    kind: 'sentinel',
    masters: masters.reports,
    replicas: replicas.reports,
    silent: [...masters.silent, ...replicas.silent],
    sentinels,
    cluster: undefined,
  };
}

async function surveyCluster(address: ClusterAddress): Promise<RedisSurvey> {
  const none = { kind: 'cluster', replicas: [], sentinels: [] } as const;
  try {
    const cluster = await askCluster(address.nodes, address.access);
    const { reports, silent } = await askAll(
      cluster.masters.map(({ master }) => master),
      address,
    );
    return { ...none, masters: reports, silent, cluster };
  } catch (error) {
    return { ...none, masters: [], silent: [reasonOf(error)], cluster: undefined };
  }
}

interface Answers {
  readonly reports: readonly ServerReport[];
  readonly silent: readonly string[];
}

async function askAll(servers: readonly HostPort[], address: RedisAddress): Promise<Answers> {
  const natMap = address.kind === 'single' ? undefined : address.natMap;
  const answers = await Promise.all(
    servers.map(async (announced) => {
      const server = natMap?.get(nameOf(announced)) ?? announced;
      try {
        return await askServer(server, address.access);
      } catch (error) {
        return `${nameOf(server)}: ${reasonOf(error)}`;
      }
    }),
  );
  return {
    reports: answers.filter((answer) => typeof answer !== 'string'),
    silent: answers.filter((answer) => typeof answer === 'string'),
  };
}
