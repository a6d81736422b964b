import type { Check } from '../check.ts';
import { fail, type Problem, verdict, warn } from '../outcome.ts';
import type { ServerReport } from '../redis/ask-server.ts';
import { answeringRedis } from '../redis/of-redis.ts';

const files = 'appendonly yes, appendfsync everysec';
const setIt = 'Set appendonly yes and appendfsync everysec in redis.conf and by CONFIG SET.';

/**
 * Redis keeps its data across a restart. With replicas it has to: a master that restarts empty
 * empties them too ("Safety of replication when master has persistence turned off" in the source).
 * Alone, a loss costs counts and presence, which are rebuilt, so that is a warning.
 */
export const redisPersistenceCheck: Check = {
  name: 'redis-persistence',
  finds:
    'a server without an append-only file, with appendfsync no, or whose last write to disk failed',
  source: 'https://redis.io/docs/latest/operate/oss_and_stack/management/replication/',
  async run(deployment) {
    const { kind, masters, replicas } = await answeringRedis(deployment);
    const servers = [...masters, ...replicas];
    const problems = servers.flatMap((server) => [
      ...appendOnlyOf(server, kind !== 'single'),
      ...lastWritesOf(server),
      ...syncOf(server),
    ]);
    const refused = servers.find(({ settings }) => typeof settings === 'string');
    const unread = refused === undefined ? '' : '; appendfsync not read: no right to CONFIG GET';
    return verdict(problems, `append-only files, last writes good${unread}`);
  },
};

function appendOnlyOf(server: ServerReport, hasReplicas: boolean): Problem[] {
  const { name, info, settings } = server;
  if (info.get('aof_enabled') === '1') return [];
  const saves = typeof settings === 'string' ? undefined : settings.get('save');
  const found = `${name} has appendonly no${saves === '' ? ' and saves no snapshots' : ''}`;
  const isFatal = hasReplicas && saves === '';
  return [(isFatal ? fail : warn)(found, files, setIt)];
}

const outcomes = [
  'aof_last_write_status',
  'aof_last_bgrewrite_status',
  'rdb_last_bgsave_status',
] as const;

function lastWritesOf({ name, info }: ServerReport): Problem[] {
  const failed = outcomes.filter((field) => (info.get(field) ?? 'ok') !== 'ok');
  return failed.map((field) =>
    fail(
      `${name} has ${field} ${info.get(field)}`,
      'ok',
      'Read the log of this server: its disk is full, or does not let it write.',
    ),
  );
}

/** "no": the operating system decides, usually within 30 s (redis.io, Redis persistence). */
function syncOf({ name, info, settings }: ServerReport): Problem[] {
  const sync = typeof settings === 'string' ? undefined : settings.get('appendfsync');
  if (sync !== 'no' || info.get('aof_enabled') !== '1') return [];
  return [warn(`${name} has appendfsync no, which loses up to half a minute`, files, setIt)];
}
