import {
  CustomObjectsApi,
  createConfiguration,
  type RequestContext,
  ResponseContext,
  type SecurityAuthentication,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { Agent, type Dispatcher, request } from 'undici';
import { ApiUnreachable } from './api-fault.ts';
import type { Cluster } from './cluster.ts';

const connectMs = 1000;
/** The maximum of connections; further calls wait, within their time limit. */
const maxConnections = 8;

/** The API server, over few connections and with time limits. */
export interface KubernetesApi {
  /** A client for one task; all its calls end within `workMs`. */
  within(workMs: number): CustomObjectsApi;
  close(): Promise<void>;
}

/**
 * The client's default transport opens a connection for every call; this one keeps a few. It
 * connects on first use.
 * @param callMs the time limit of one call, including its wait for a connection
 */
export function openKubernetesApi(cluster: Cluster, callMs: number): KubernetesApi {
  const dispatcher = new Agent({
    connections: maxConnections,
    connect: { ...cluster.tls, timeout: connectMs },
  });
  const baseServer = new ServerConfiguration(cluster.server, {});
  const authentication: SecurityAuthentication = {
    getName: () => 'kubeconfig',
    async applySecurityAuthentication(context) {
      const headers = await cluster.credentials();
      for (const [name, value] of Object.entries(headers)) context.setHeaderParam(name, value);
    },
  };
  return {
    within(workMs) {
      const ends = AbortSignal.timeout(workMs);
      const send = (context: RequestContext) => {
        const signal = AbortSignal.any([ends, AbortSignal.timeout(callMs)]);
        return sendOver(dispatcher, signal, context);
      };
      const configuration = createConfiguration({
        baseServer,
        authMethods: { default: authentication },
        httpApi: wrapHttpLibrary({ send }),
      });
      return new CustomObjectsApi(configuration);
    },
    close: () => dispatcher.destroy(),
  };
}

async function sendOver(
  dispatcher: Dispatcher,
  signal: AbortSignal,
  context: RequestContext,
): Promise<ResponseContext> {
  const given = context.getBody();
  try {
    const { statusCode, headers, body } = await request(context.getUrl(), {
      dispatcher,
      method: context.getHttpMethod() as Dispatcher.HttpMethod,
      headers: context.getHeaders(),
      body: typeof given === 'string' ? given : null,
      signal,
    });
    const text = await body.text();
    return new ResponseContext(statusCode, oneOfEach(headers), {
      text: async () => text,
      binary: async () => Buffer.from(text),
      stream: () => null,
    });
  } catch (error) {
    throw new ApiUnreachable(error);
  }
}

function oneOfEach(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}
