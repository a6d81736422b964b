import { Agent, type Dispatcher, request } from 'undici';
import { jsonOf } from '../../json-of.ts';
import { ApiRefusal, ApiUnreachable } from './api-fault.ts';
import type { Cluster } from './cluster.ts';

const connectMs = 1000;
/** The maximum of connections; further calls wait, within their time limit. */
const maxConnections = 8;

/** One call of the API server. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Starts with `/`; its parts are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The default is any JSON. */
  readonly accept?: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** The type of the body; the default is `application/json`. */
  readonly contentType?: string;
}

/**
 * Makes one call and returns the parsed reply. Throws ApiRefusal for replies other than 2xx, and
 * ApiUnreachable if there was none.
 */
export type SendCall = (call: ApiCall) => Promise<unknown>;

/** The API server, over few connections and with time limits. */
export interface KubernetesApi {
  /** Calls for one task, which all end within `workMs`. */
  within(workMs: number): SendCall;
  close(): Promise<void>;
}

/**
 * Connects on first use.
 * @param callMs the time limit of one call, including its wait for a connection
 */
export function openKubernetesApi(cluster: Cluster, callMs: number): KubernetesApi {
  const dispatcher = new Agent({
    connections: maxConnections,
    connect: { ...cluster.tls, timeout: connectMs },
  });
  return {
    within(workMs) {
      const ends = AbortSignal.timeout(workMs);
      return async (call) => {
        const signal = AbortSignal.any([ends, AbortSignal.timeout(callMs)]);
        const { status, text } = await exchange({ cluster, dispatcher, signal }, call);
        // What is no JSON comes from something in between: its status says enough.
        const reply = jsonOf(text);
        if (status < 200 || status > 299) throw new ApiRefusal(status, reply);
        return reply;
      };
    },
    close: () => dispatcher.destroy(),
  };
}

interface Transport {
  readonly cluster: Cluster;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
}

async function exchange(
  { cluster, dispatcher, signal }: Transport,
  { method, path, query, accept, body, contentType = 'application/json' }: ApiCall,
): Promise<{ status: number; text: string }> {
  try {
    const credentials = await cluster.credentials();
    const reply = await request(`${cluster.server}${path}`, {
      dispatcher,
      method,
      ...(query && { query }),
      headers: {
        ...credentials,
        accept: accept ?? 'application/json',
        'user-agent': 'secureconnect-gateway',
        ...(body && { 'content-type': contentType }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
    if (reply.statusCode === 401) cluster.refused(credentials);
    return { status: reply.statusCode, text: await reply.body.text() };
  } catch (error) {
    throw error instanceof ApiUnreachable ? error : new ApiUnreachable(error);
  }
}
