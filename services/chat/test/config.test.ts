import { ConfigError } from '@secureconnect/service';
import { describe, expect, it } from 'vitest';
import { readChatConfig } from '../src/index.ts';

const good = {
  DATABASE_URL: 'postgresql://localhost/db',
  REDIS_URL: 'redis://localhost:6379',
  JWT_SECRET: 'a secret of the tests that is long enough',
};
const cassandra = {
  CASSANDRA_CONTACT_POINTS: ' one:9042, 10.0.0.2:19042 ',
  CASSANDRA_LOCAL_DATACENTER: 'eu-west',
};

describe('the configuration of chat', () => {
  it('stores messages in SQL if no Cassandra is named', () => {
    expect(readChatConfig(good)).toMatchObject({ port: 8082, messageStore: { kind: 'sql' } });
    const nothing = { CASSANDRA_CONTACT_POINTS: ' , ', CASSANDRA_KEYSPACE: 'unused' };
    expect(readChatConfig({ ...good, ...nothing }).messageStore).toEqual({ kind: 'sql' });
  });

  it('stores them in Cassandra if one is named', () => {
    expect(readChatConfig({ ...good, ...cassandra }).messageStore).toEqual({
      kind: 'cassandra',
      cassandra: {
        contactPoints: ['one:9042', '10.0.0.2:19042'],
        localDataCenter: 'eu-west',
        keyspace: 'secureconnect_chat',
        replicationFactor: 3,
        credentials: undefined,
      },
    });
    const more = {
      CASSANDRA_KEYSPACE: 'other_1',
      CASSANDRA_REPLICATION_FACTOR: '1',
      CASSANDRA_USERNAME: 'chat',
      CASSANDRA_PASSWORD: 'hunter2',
    };
    expect(readChatConfig({ ...good, ...cassandra, ...more }).messageStore).toMatchObject({
      cassandra: {
        keyspace: 'other_1',
        replicationFactor: 1,
        credentials: { username: 'chat', password: 'hunter2' },
      },
    });
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ CHAT_PORT: 'x' }, 'CHAT_PORT is "x"; expected a whole number from 0 to 65535.'],
    [{ CASSANDRA_CONTACT_POINTS: 'one' }, 'is "one"; expected host:port,host:port,…'],
    [{ CASSANDRA_CONTACT_POINTS: 'one:0' }, 'CASSANDRA_CONTACT_POINTS is "one:0"'],
    [{ CASSANDRA_CONTACT_POINTS: 'one:70000' }, 'CASSANDRA_CONTACT_POINTS is "one:70000"'],
    [{ CASSANDRA_LOCAL_DATACENTER: '' }, 'CASSANDRA_LOCAL_DATACENTER must be set with it.'],
    [{ CASSANDRA_LOCAL_DATACENTER: "x'; --" }, 'expected the name of a data centre'],
    [{ CASSANDRA_KEYSPACE: 'Chat' }, 'expected a lower-case letter'],
    [{ CASSANDRA_KEYSPACE: `x${'y'.repeat(48)}` }, 'expected a lower-case letter'],
    [{ CASSANDRA_KEYSPACE: 'x; DROP' }, 'expected a lower-case letter'],
    [{ CASSANDRA_REPLICATION_FACTOR: '0' }, 'CASSANDRA_REPLICATION_FACTOR is "0"'],
    [{ CASSANDRA_USERNAME: 'chat' }, 'Set CASSANDRA_USERNAME and CASSANDRA_PASSWORD, or neither.'],
    [{ CASSANDRA_PASSWORD: 'x' }, 'Set CASSANDRA_USERNAME and CASSANDRA_PASSWORD, or neither.'],
  ])('stops at %o and says what is wrong', (wrong, complaint) => {
    const read = () => readChatConfig({ ...good, ...cassandra, ...wrong });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(complaint);
  });
});
