import { type RedisConfig, redisConfig, redisVariables } from '@secureconnect/redis';
import {
  type CommonConfig,
  ConfigError,
  commonConfig,
  commonVariables,
  corsOrigins,
  corsVariables,
  flag,
  integer,
  list,
  type Parsed,
  port,
  readEnvironment,
  text,
} from '@secureconnect/service';
import { type TokenConfig, tokenConfig, tokenVariables } from '@secureconnect/tokens';
import type { MessageStoreConfig } from './stores/message-store-config.ts';

const wholeName = (pattern: RegExp, expected: string) =>
  text(expected).regex(pattern, { error: expected });

const cassandraVariables = {
  CASSANDRA_CONTACT_POINTS: list('').refine((points) => points.every(isHostAndPort), {
    error: 'host:port,host:port,…',
  }),
  CASSANDRA_LOCAL_DATACENTER: wholeName(
    /^[A-Za-z0-9_-]{1,64}$/,
    'the name of a data centre: letters, digits, _ and -',
  ).optional(),
  CASSANDRA_KEYSPACE: wholeName(
    /^[a-z][a-z0-9_]{0,47}$/,
    'a lower-case letter, then up to 47 of a-z, 0-9 and _',
  ).default('secureconnect_chat'),
  CASSANDRA_REPLICATION_FACTOR: integer({ from: 1, to: 9, default: 3 }),
  CASSANDRA_USERNAME: text('a name').optional(),
  CASSANDRA_PASSWORD: text('a password').optional(),
};

const variables = {
  ...commonVariables,
  ...redisVariables,
  ...tokenVariables,
  ...corsVariables,
  ...cassandraVariables,
  CHAT_PORT: port(8082),
  FIND_USERS_BY_EMAIL: flag(true),
};

export interface ChatConfig extends CommonConfig, TokenConfig {
  readonly port: number;
  readonly redis: RedisConfig;
  /** Origins of web pages that may open sockets, in addition to this host's own. */
  readonly corsOrigins: readonly string[];
  readonly messageStore: MessageStoreConfig;
  /** Whether people are found by their address, as in auth. */
  readonly findUsersByEmail: boolean;
}

/** Reads chat's environment. Throws ConfigError naming what is wrong. */
export function readChatConfig(environment: NodeJS.ProcessEnv): ChatConfig {
  const values = readEnvironment(variables, environment);
  return {
    ...commonConfig(values),
    port: values.CHAT_PORT,
    redis: redisConfig(values),
    ...tokenConfig(values),
    corsOrigins: corsOrigins(values),
    messageStore: messageStoreConfig(values),
    findUsersByEmail: values.FIND_USERS_BY_EMAIL,
  };
}

/** Reads only the message store's settings, for migrations. Throws ConfigError likewise. */
export function readMessageStoreConfig(environment: NodeJS.ProcessEnv): MessageStoreConfig {
  return messageStoreConfig(readEnvironment(cassandraVariables, environment));
}

function messageStoreConfig(values: Parsed<typeof cassandraVariables>): MessageStoreConfig {
  const { CASSANDRA_CONTACT_POINTS: contactPoints, CASSANDRA_LOCAL_DATACENTER: dataCenter } =
    values;
  if (contactPoints.length === 0) return { kind: 'sql' };
  if (dataCenter === undefined) {
    throw new ConfigError(
      'CASSANDRA_CONTACT_POINTS is set; CASSANDRA_LOCAL_DATACENTER must be set with it.',
    );
  }
  return {
    kind: 'cassandra',
    cassandra: {
      contactPoints,
      localDataCenter: dataCenter,
      keyspace: values.CASSANDRA_KEYSPACE,
      replicationFactor: values.CASSANDRA_REPLICATION_FACTOR,
      credentials: credentials(values),
    },
  };
}

function credentials(values: Parsed<typeof cassandraVariables>) {
  const { CASSANDRA_USERNAME: username, CASSANDRA_PASSWORD: password } = values;
  if (username === undefined && password === undefined) return undefined;
  if (username !== undefined && password !== undefined) return { username, password };
  throw new ConfigError('Set CASSANDRA_USERNAME and CASSANDRA_PASSWORD, or neither.');
}

function isHostAndPort(text: string): boolean {
  const [, port] = /^[^\s:,/]+:(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}
