import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:tls';
import { eventually, freePort, makeCertificates } from '@secureconnect/testkit';
import { Client } from 'minio';
import type { HealthyDeployment } from './healthy-deployment.ts';
import { startOpenRelay } from './open-relay.ts';
import { type ProxyFaults, startProxyInFront } from './proxy-in-front.ts';

/** What the doctor is told of a deployment. */
export interface Told {
  readonly environment: Readonly<Record<string, string>>;
  readonly gatewayUrl: string;
}

/** Plants a fault; what is deferred on `undo` makes the deployment healthy again. */
type Plant = (deployment: HealthyDeployment, undo: AsyncDisposableStack) => Promise<Partial<Told>>;

interface PlantedFault {
  readonly fault: string;
  /** The one check that finds it. */
  readonly check: string;
  readonly plant: Plant;
}

const variables =
  (changes: Readonly<Record<string, string>>): Plant =>
  async ({ environment }) => ({ environment: { ...environment, ...changes } });

const behind =
  (faults: (deployment: HealthyDeployment) => ProxyFaults): Plant =>
  async (deployment, undo) => {
    const proxy = undo.use(await startProxyInFront(deployment.gatewayUrl, faults(deployment)));
    return { gatewayUrl: proxy.url };
  };

/** A setting of the master that is put back. */
const redisSetting =
  (settings: readonly (readonly [name: string, wrong: string, right: string])[]): Plant =>
  async (deployment, undo) => {
    for (const [name, wrong, right] of settings) {
      undo.defer(async () => void (await deployment.askRedis(1, 'CONFIG', 'SET', name, right)));
      await deployment.askRedis(1, 'CONFIG', 'SET', name, wrong);
    }
    return {};
  };

/** A change of rights, and the change that takes it back. */
const rights =
  (node: 1 | 4, wrong: readonly string[], right: readonly string[]): Plant =>
  async ({ askRedis }, undo) => {
    undo.defer(async () => void (await askRedis(node, 'ACL', 'SETUSER', 'default', ...right)));
    await askRedis(node, 'ACL', 'SETUSER', 'default', ...wrong);
    return {};
  };

/** Statements of the superuser, and those that take them back. */
const statements =
  (wrong: readonly string[], right: readonly string[]): Plant =>
  async ({ database }, undo) => {
    undo.defer(async () => {
      for (const statement of right) await database.run(statement);
    });
    for (const statement of wrong) await database.run(statement);
    return {};
  };

const bucketOf = ({ environment }: HealthyDeployment): { client: Client; bucket: string } => {
  const { hostname, port } = new URL(environment['S3_ENDPOINT'] ?? '');
  const client = new Client({
    ...{ endPoint: hostname, port: Number(port), useSSL: false },
    accessKey: environment['S3_ACCESS_KEY'] ?? '',
    secretKey: environment['S3_SECRET_KEY'] ?? '',
  });
  return { client, bucket: environment['S3_BUCKET'] ?? '' };
};

const publicBucket: Plant = async (deployment, undo) => {
  const { bucket, client } = bucketOf(deployment);
  const [effect, action] = ['Allow', ['s3:GetObject']];
  const resource = [`arn:aws:s3:::${bucket}/*`];
  const statement = {
    Effect: effect,
    Principal: { AWS: ['*'] },
    Action: action,
    Resource: resource,
  };
  undo.defer(() => client.setBucketPolicy(bucket, ''));
  const policy = { Version: '2012-10-17', Statement: [statement] };
  await client.setBucketPolicy(bucket, JSON.stringify(policy));
  return {};
};

const versionedBucket: Plant = async (deployment, undo) => {
  const { bucket, client } = bucketOf(deployment);
  undo.defer(() => client.setBucketVersioning(bucket, { Status: 'Suspended' }));
  await client.setBucketVersioning(bucket, { Status: 'Enabled' });
  return {};
};

/** pg_hba.conf as many containers have it, which take any password. */
const anyPassword: Plant = async ({ database }, undo) => {
  const [row] = await database.run('SHOW hba_file');
  const file = String(row?.['hba_file']);
  const before = await readFile(file, 'utf8');
  const write = async (text: string): Promise<void> => {
    await writeFile(file, text);
    await database.run('SELECT pg_reload_conf()');
  };
  undo.defer(() => write(before));
  await write(before.replaceAll(/\b(?:scram-sha-256|md5|password)$/gm, 'trust'));
  return {};
};

/** A LiveKit whose certificate no browser accepts. */
const untrustedCertificate: Plant = async ({ environment }, undo) => {
  const { server: certificate } = undo.use(await makeCertificates());
  const [cert, key] = await Promise.all([readFile(certificate.cert), readFile(certificate.key)]);
  const server = createServer({ cert, key }, (socket) =>
    socket.on('error', () => socket.destroy()),
  );
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  undo.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { environment: { ...environment, SFU_URL: `wss://127.0.0.1:${port}` } };
};

/** Redis refuses a command that the services need, as after a change of its ACL. */
const degraded: Plant = async (deployment, undo) => {
  const { askRedis, gatewayUrl } = deployment;
  const areDegraded = (isWanted: boolean) =>
    eventually(
      async () => {
        const body = await (await fetch(`${gatewayUrl}/v1/degraded?fleet=true`)).text();
        if (body.includes('"state":"degraded"') !== isWanted) throw new Error(body);
      },
      { timeoutMs: 30_000 },
    );
  undo.defer(async () => {
    await askRedis(1, 'ACL', 'SETUSER', 'default', '+evalsha', '+eval');
    await areDegraded(false);
  });
  await askRedis(1, 'ACL', 'SETUSER', 'default', '-evalsha', '-eval');
  await areDegraded(true);
  return {};
};

const quorum: Plant = async ({ askRedis, redis }, undo) => {
  const set = async (value: string): Promise<void> => {
    for (const node of [4, 5, 6] as const) {
      await askRedis(node, 'SENTINEL', 'SET', redis.masterName, 'quorum', value);
    }
  };
  undo.defer(() => set('2'));
  await set('3');
  return {};
};

const openRelay: Plant = async ({ environment }, undo) => {
  const relay = undo.use(await startOpenRelay());
  return { environment: { ...environment, TURN_URLS: relay.url } };
};

/** The last one: the service does not come back. */
const lostService: Plant = async ({ gatewayUrl, services }) => {
  await services.storage.close();
  // The gateway repeats what it has heard within a second.
  await eventually(async () => {
    const body = await (await fetch(`${gatewayUrl}/health`)).text();
    if (!body.includes('"unreachable"')) throw new Error(body);
  });
  return {};
};

const yearAgo = "UPDATE auth.signing_keys SET signs_from = now() - interval '400 days'";
const today = "UPDATE auth.signing_keys SET signs_from = now() - interval '2 hours'";
const reload = 'SELECT pg_reload_conf()';
const tenSecondsLate = () => ({ Date: new Date(Date.now() - 10_000).toUTCString() });

export const plantedFaults: readonly PlantedFault[] = [
  {
    fault: 'a service in development mode',
    check: 'mode',
    plant: variables({ NODE_ENV: 'development' }),
  },
  {
    fault: 'the secret of the example',
    check: 'secrets',
    plant: variables({ FACTOR_SECRET: 'change-me-to-the-output-of-openssl-rand-base64-48' }),
  },
  {
    fault: 'an address of the example',
    check: 'hosts',
    plant: variables({ ACCOUNT_URL: 'https://app.example.com/account' }),
  },
  {
    fault: 'a gateway that trusts everybody as its proxy',
    check: 'proxies',
    plant: variables({ GATEWAY_TRUSTED_PROXIES: '0.0.0.0/0' }),
  },
  {
    fault: 'a key that has signed for 400 days',
    check: 'keys',
    plant: statements([yearAgo], [today]),
  },
  {
    fault: 'a certificate of an unknown authority',
    check: 'certificates',
    plant: untrustedCertificate,
  },
  {
    fault: 'a gateway whose clock is ten seconds late',
    check: 'clocks',
    plant: behind(() => ({ replyHeaders: tenSecondsLate })),
  },
  { fault: 'a command that Redis refuses', check: 'degraded', plant: degraded },
  {
    fault: 'a proxy that leads clients to the metrics',
    check: 'metrics',
    plant: behind(({ environment: { METRICS_PORT: port } }) => ({
      target: (path) => (path === '/metrics' ? `http://127.0.0.1:${port}/metrics` : undefined),
    })),
  },
  {
    fault: 'a proxy that lets everybody deliver alerts',
    check: 'alerts-access',
    plant: behind(({ environment: { SIGNALS_TOKEN: token } }) => ({
      requestHeaders: { Authorization: `Bearer ${token}` },
    })),
  },
  {
    fault: 'a wrong password of Redis',
    check: 'redis',
    plant: variables({ REDIS_PASSWORD: 'Wd5Xk8Pz3Qm6Tr1Vb9Ys' }),
  },
  {
    fault: 'a wrong password of PostgreSQL',
    check: 'postgres',
    plant: async ({ environment }) => {
      const url = new URL(environment['DATABASE_URL'] ?? '');
      url.password = 'Hb4Nf7Jk2Lq9Zc6Xv8Ws';
      return { environment: { ...environment, DATABASE_URL: url.href } };
    },
  },
  {
    fault: 'a Redis that admits anybody',
    check: 'redis-access',
    plant: rights(1, ['nopass'], ['resetpass', '>b7Tq4nW9xLs2Kd6Vz1Rf']),
  },
  {
    fault: 'a Redis that removes keys',
    check: 'redis-eviction',
    plant: redisSetting([['maxmemory-policy', 'allkeys-lru', 'noeviction']]),
  },
  {
    fault: 'a Redis without files, whose restart empties its replicas',
    check: 'redis-persistence',
    plant: redisSetting([['appendonly', 'no', 'yes']]),
  },
  {
    fault: 'a master that writes without replicas',
    check: 'redis-replication',
    plant: redisSetting([['min-replicas-to-write', '0', '1']]),
  },
  { fault: 'a quorum of all sentinels', check: 'sentinels', plant: quorum },
  {
    fault: 'a sentinel that takes orders from anybody',
    check: 'sentinel-access',
    plant: rights(4, ['+sentinel'], ['-sentinel|config']),
  },
  {
    fault: 'a PostgreSQL that acknowledges before it writes',
    check: 'postgres-durability',
    plant: statements(
      ['ALTER SYSTEM SET synchronous_commit = off', reload],
      ['ALTER SYSTEM RESET synchronous_commit', reload],
    ),
  },
  {
    fault: 'a migration that has not run',
    check: 'postgres-schema',
    plant: statements(
      ['CREATE TABLE kept AS TABLE video.migrations', 'DELETE FROM video.migrations WHERE id > 1'],
      ['TRUNCATE video.migrations', 'INSERT INTO video.migrations TABLE kept', 'DROP TABLE kept'],
    ),
  },
  { fault: 'a PostgreSQL that takes any password', check: 'postgres-access', plant: anyPassword },
  {
    fault: 'a wrong password of the mail server',
    check: 'mail',
    plant: async ({ environment }) => ({
      environment: {
        ...environment,
        SMTP_URL: (environment['SMTP_URL'] ?? '').replace(/mailer:[^@]*@/, 'mailer:not-this-one@'),
      },
    }),
  },
  {
    fault: 'a TURN server with a different secret',
    check: 'turn',
    plant: variables({ TURN_SECRET: 'Zq8Wv5Mx2Ks7Jd4Hf1Gp6Ty3Rn9Lb0Ce-of-somebody-else' }),
  },
  { fault: 'a TURN server that relays for anybody', check: 'turn-access', plant: openRelay },
  {
    fault: 'a wrong key of the bucket',
    check: 'bucket',
    plant: variables({ S3_SECRET_KEY: 'Lm4Bv7Nc2Xz9Qw6Er1Ty' }),
  },
  { fault: 'a bucket that anybody can read', check: 'bucket-access', plant: publicBucket },
  {
    fault: 'a store that refuses the pages of CORS_ORIGINS',
    check: 'bucket-cors',
    plant: variables({ CORS_ORIGINS: 'https://other.acme-chat.org' }),
  },
  {
    fault: 'a bucket that keeps what was deleted',
    check: 'bucket-versions',
    plant: versionedBucket,
  },
  {
    fault: 'a directory that takes no files',
    check: 'directory',
    plant: variables({ STORAGE_DIRECTORY: '/dev/null' }),
  },
  { fault: 'a service that is down', check: 'gateway', plant: lostService },
];
