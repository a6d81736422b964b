import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import type { CassandraConfig } from '../../services/chat/src/stores/cassandra/cassandra-config.ts';
import { migrateCassandra } from '../../services/chat/src/stores/cassandra/migrate.ts';
import { openCassandraMessages } from '../../services/chat/src/stores/cassandra/open.ts';
import { keyOf, Scene, start } from '../../services/chat/test/message-store/scene.ts';
import { docker, imageSkipReason } from './engine.ts';

const root = join(import.meta.dirname, '../..');
const image = 'cassandra:5.0';
const without = imageSkipReason(image);
const keyspace = 'secureconnect_chat';
const directory = join(root, 'services/chat/cassandra-migrations');
const words = Array.from({ length: 20 }, (_, number) => `message ${number}`);
const log = createLogger({ service: 'chat', level: 'fatal' });

/** A node with the image's nodetool, and the scripts of deploy/backup. */
async function startNode(parts: AsyncDisposableStack) {
  const name = `secureconnect-backup-${randomBytes(4).toString('hex')}`;
  parts.defer(async () => void (await docker('rm', '--force', '--volumes', name)));
  const environment = {
    CASSANDRA_CONF: '/tmp/conf',
    MAX_HEAP_SIZE: '512M',
    JVM_EXTRA_OPTS: '-Dcassandra.ring_delay_ms=0 -Dcassandra.skip_wait_for_gossip_to_settle=0',
  };
  await docker(
    ...['run', '--detach', '--name', name, '--user', '999:999'],
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    // Its start writes into its configuration, which is therefore a copy.
    ...['--entrypoint', 'bash', image, '-c'],
    'cp -r --no-preserve=mode /etc/cassandra /tmp/conf && exec docker-entrypoint.sh cassandra -f',
  );
  await docker('cp', join(root, 'deploy/backup'), `${name}:/opt/backup`);
  const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const host = await docker('inspect', '--format', address, name);
  const exec = (...values: string[]) => docker('exec', name, ...values);
  await eventually(() => exec('cqlsh', '-e', 'SELECT key FROM system.local'), {
    timeoutMs: 300_000,
    intervalMs: 1000,
  });
  const config: CassandraConfig = {
    contactPoints: [`${host}:9042`],
    localDataCenter: 'datacenter1',
    keyspace,
    replicationFactor: 1,
    credentials: undefined,
  };
  return { exec, config };
}

it.skipIf(without !== '')(
  `a backup of Cassandra brings every message back${without}`,
  {
    timeout: 600_000,
  },
  async () => {
    await using parts = new AsyncDisposableStack();
    const { exec, config } = await startNode(parts);
    await migrateCassandra({ config, directory });
    const before = await openCassandraMessages(config, log, parts);
    const scene = new Scene(before);
    const said = await Promise.all(words.map((word) => scene.say(word)));
    await exec('/opt/backup/cassandra-backup.sh', keyspace, '/tmp/messages.tar');
    expect(await exec('nodetool', 'listsnapshots')).not.toContain('backup-');

    await exec('cqlsh', '-e', `DROP KEYSPACE ${keyspace}`);
    await migrateCassandra({ config, directory });
    const after = await openCassandraMessages(config, log, parts);
    for (const message of said) expect(await after.find(keyOf(message))).toBeUndefined();
    await exec('/opt/backup/cassandra-restore.sh', keyspace, '/tmp/messages.tar');
    for (const message of said) expect(await after.find(keyOf(message))).toEqual(message);
    const { conversationId } = scene;
    const { events } = await after.events({ conversationId, after: start, limit: 100 });
    expect(events).toHaveLength(20);
  },
);
