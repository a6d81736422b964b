import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { ConfigError } from '@secureconnect/service';
import { ApiUnreachable } from './api-fault.ts';
import { execCredentials } from './exec-credential.ts';
import { type ClusterEntry, readKubeconfig, type UserEntry } from './kubeconfig.ts';

type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'
>;
type Headers = Readonly<Record<string, string>>;

/** The API server's address and this process's credentials. */
export interface Cluster {
  /** A base URL. */
  readonly server: string;
  /** The TLS options as read at boot. */
  readonly tls: TlsOptions;
  /**
   * The headers that authenticate this process; an expiring token is read again. Throws
   * ApiUnreachable.
   */
  credentials(): Promise<Headers>;
  /** The API server has answered 401 to these: a command that printed them runs again. */
  refused(credentials: Headers): void;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads a kubeconfig, or the service account of this process's Pod. Throws ConfigError naming what
 * is wrong.
 */
export async function readCluster(kubeconfig: string | undefined): Promise<Cluster> {
  const { cluster, user } = kubeconfig === undefined ? ofThisPod() : await ofFile(kubeconfig);
  const where = kubeconfig === undefined ? 'The service account' : `KUBECONFIG (${kubeconfig})`;
  if (cluster === undefined) {
    throw new ConfigError(`${where} names no cluster; expected a current-context that does.`);
  }
  if (!cluster.server.startsWith('https://')) {
    throw new ConfigError(`${where} names the server ${cluster.server}; expected https://….`);
  }
  if (cluster['proxy-url']) {
    throw new ConfigError(`${where} has a proxy-url, which is not supported; remove it.`);
  }
  if (user === undefined) {
    throw new ConfigError(`${where} names no user; expected a current-context that does.`);
  }
  if (user['auth-provider']) {
    throw new ConfigError(
      `${where} has an auth-provider, which Kubernetes removed in 1.26; expected exec or a token.`,
    );
  }
  try {
    return await opened(cluster, user);
  } catch (error) {
    throw new ConfigError(`${where} cannot be used: ${messageOf(error)}.`);
  }
}

/** Also makes sure at boot that all certificates, keys and tokens can be read. */
async function opened(entry: ClusterEntry, user: UserEntry): Promise<Cluster> {
  const execute = user.exec ? execCredentials(user.exec) : undefined;
  const headers = async (): Promise<Headers> => {
    const token = await tokenOf(user, async () => (await execute?.read())?.token);
    return {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(user.as === undefined ? {} : { 'Impersonate-User': user.as }),
    };
  };
  await headers();
  const printed = await execute?.read();
  const tls = {
    ca: await material(entry['certificate-authority'], entry['certificate-authority-data']),
    cert:
      printed?.clientCertificateData ??
      (await material(user['client-certificate'], user['client-certificate-data'])),
    key: printed?.clientKeyData ?? (await material(user['client-key'], user['client-key-data'])),
    servername: entry['tls-server-name'],
    rejectUnauthorized: entry['insecure-skip-tls-verify'] === true ? false : undefined,
  };
  return {
    server: entry.server.replace(/\/+$/, ''),
    tls: Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)),
    credentials: () =>
      headers().catch((error: unknown) => {
        throw new ApiUnreachable(error);
      }),
    refused: ({ Authorization = '' }) => execute?.refused(Authorization.replace(/^Bearer /, '')),
  };
}

/** The file of a token wins over the token, and both over the command, as for kubectl. */
async function tokenOf(
  { token, tokenFile }: UserEntry,
  printed: () => Promise<string | undefined>,
): Promise<string | undefined> {
  if (tokenFile) return (await readFile(tokenFile, 'utf8')).trim();
  return token || printed();
}

/** A certificate or key: the data wins over the file. */
async function material(path = '', base64 = ''): Promise<Buffer | undefined> {
  if (base64 !== '') return Buffer.from(base64, 'base64');
  return path === '' ? undefined : readFile(path);
}

async function ofFile(path: string) {
  try {
    return await readKubeconfig(path);
  } catch (error) {
    throw new ConfigError(
      `KUBECONFIG is "${path}", which cannot be read (${messageOf(error)}); ` +
        'expected the path of one kubeconfig file.',
    );
  }
}

function ofThisPod(): { cluster: ClusterEntry; user: UserEntry } {
  const tokenFile = `${serviceAccount}/token`;
  if (!existsSync(tokenFile)) {
    throw new ConfigError(
      `KUBECONFIG is not set and ${tokenFile} is missing; expected the path of a ` +
        'kubeconfig, or a Pod with automountServiceAccountToken: true.',
    );
  }
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = process.env;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    cluster: { server, 'certificate-authority': `${serviceAccount}/ca.crt` },
    user: { tokenFile },
  };
}

function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/[.:]$/, '');
}
