import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node';
import { ConfigError } from '@secureconnect/service';
import { ApiUnreachable } from './api-fault.ts';

type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'
>;

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
  credentials(): Promise<Readonly<Record<string, string>>>;
}

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Reads a kubeconfig, or the service account of this process's Pod. Throws ConfigError naming what
 * is wrong.
 */
export async function readCluster(kubeconfig: string | undefined): Promise<Cluster> {
  const config = kubeconfig === undefined ? ofThisPod() : ofFile(kubeconfig);
  const where = kubeconfig === undefined ? 'The service account' : `KUBECONFIG (${kubeconfig})`;
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new ConfigError(`${where} names no cluster; expected a current-context that does.`);
  }
  if (!cluster.server.startsWith('https://')) {
    throw new ConfigError(`${where} names the server ${cluster.server}; expected https://….`);
  }
  if (cluster.proxyUrl) {
    throw new ConfigError(`${where} has a proxy-url, which is not supported; remove it.`);
  }
  const options = await optionsOf(config, where);
  return {
    server: cluster.server.replace(/\/+$/, ''),
    tls: tlsOf(options),
    async credentials() {
      const now: RequestOptions = {};
      try {
        await config.applyToHTTPSOptions(now);
      } catch (error) {
        throw new ApiUnreachable(error);
      }
      return textHeaders(now.headers);
    },
  };
}

function ofFile(path: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (error) {
    throw new ConfigError(
      `KUBECONFIG is "${path}", which cannot be read (${messageOf(error)}); ` +
        'expected the path of one kubeconfig file.',
    );
  }
  return config;
}

function ofThisPod(): KubeConfig {
  if (!existsSync(serviceAccountToken)) {
    throw new ConfigError(
      `KUBECONFIG is not set and ${serviceAccountToken} is missing; expected the path of a ` +
        'kubeconfig, or a Pod with automountServiceAccountToken: true.',
    );
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

/** Checks at boot that all certificates and keys exist. */
async function optionsOf(config: KubeConfig, where: string): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ConfigError(`${where} cannot be used: ${messageOf(error)}.`);
  }
  return options;
}

function tlsOf(options: RequestOptions): TlsOptions {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  const given = { ca, cert, key, servername, rejectUnauthorized };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function textHeaders(headers: RequestOptions['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
