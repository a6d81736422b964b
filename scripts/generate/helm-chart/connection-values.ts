import { count, type Entries, flag, text, texts } from './setting.ts';

const address = String.raw`^[^\s,]+:\d+$`;

/** Stores and servers outside the chart, in the order of values.yaml. */
export const connectionValues: Entries = {
  postgresql: {
    description:
      'PostgreSQL or CockroachDB. Without a host, the key DATABASE_URL of the Secret has the whole ' +
      'address; with a host, only the password comes from a Secret.',
    entries: {
      host: text('Host of the server.'),
      port: count('Port of the server.', 5432),
      database: text('Name of the database.', 'secureconnect'),
      user: text('User of the database.', 'secureconnect'),
      parameters: text('Parameters of the URL, such as sslmode=verify-full.'),
      existingSecret: {
        description: 'The password: letters, digits and . _ ~ - only, as it becomes part of a URL.',
        entries: {
          name: text('Name of its Secret. Required with a host.'),
          key: text('Key in the Secret.', 'password'),
        },
      },
    },
  },
  redis: {
    description: 'Redis or Valkey 7 or later. Set exactly one of url, sentinels and cluster.',
    entries: {
      url: text('One server, without a password: redis://host:6379, or rediss:// for TLS.'),
      sentinels: texts('Sentinels that know the master: [host:26379].', address),
      masterName: text('The name of the master at the sentinels.', 'mymaster'),
      cluster: texts('Nodes of a cluster: [host:6379].', address),
      existingSecret: {
        description: 'The password of the servers.',
        entries: {
          name: text('Name of its Secret. Empty: Redis asks for no password.'),
          key: text('Key in the Secret.', 'password'),
        },
      },
    },
  },
  cassandra: {
    description: 'Cassandra 5 for messages. Without contact points, messages are in PostgreSQL.',
    entries: {
      contactPoints: texts('Nodes: [host:9042].', address),
      localDatacenter: text('The data center of this cluster.', 'datacenter1'),
      keyspace: text('Keyspace, created if it is missing. Empty: secureconnect_chat.'),
      replicationFactor: count('Copies of each row in the data center.', 3),
      authentication: flag(
        'Whether the Secret has the keys CASSANDRA_USERNAME and CASSANDRA_PASSWORD.',
        true,
      ),
    },
  },
  s3: {
    description:
      'The S3 of files, required; the Secret has the keys S3_ACCESS_KEY and S3_SECRET_KEY.',
    entries: {
      endpoint: text('Address for the services, without a path. Required.'),
      publicEndpoint: text('Address for clients. Required.'),
      region: text('Region.', 'us-east-1'),
      bucket: text('Bucket; created if it is missing.', 'secureconnect-files'),
    },
  },
  mail: {
    description: 'Mails to users; the key SMTP_URL of the Secret has the server.',
    entries: { from: text('Sender, such as SecureConnect <no-reply@example.com>. Required.') },
  },
  calls: {
    description: 'Servers that calls need where peers cannot connect directly.',
    entries: {
      stunUrls: texts('STUN servers: [stun:host:3478].', '^stuns?:'),
      turnUrls: texts(
        'Transports of the TURN server: [turn:host:3478]; the Secret has the key TURN_SECRET.',
        '^turns?:',
      ),
      turnCredentialSeconds: count('Lifetime of a credential of the TURN server.', 300, 60),
    },
  },
  push: {
    description: 'Pushes to devices without a socket; docs/push.md of the repository.',
    entries: {
      existingSecret: text(
        'The optional Secret with the files of FCM and APNs, mounted at /etc/secureconnect/push.',
        'push-keys',
      ),
    },
  },
};
