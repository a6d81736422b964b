import { LostReplyError, RefusedError } from './errors.ts';
import { withRetries } from './retry.ts';
import type { DataOf, RequestOf, RouteName } from './routes.ts';
import { type Fetch, openReply, type Reply, sendRequest } from './send-request.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long refused attempts are repeated, in milliseconds. Default: 10 s; 0 for one attempt. */
  readonly retryForMs?: number;
  /**
   * Whether the request may be sent again when its reply is lost: docs/retries.md says for each route
   * what happens then. Default: GET alone.
   */
  readonly isRepeatable?: boolean;
  /** Time for one attempt, in milliseconds. Default: 15 s. */
  readonly timeoutMs?: number;
}

export type OpenOptions = Pick<CallOptions, 'signal'>;

const never = new AbortController().signal;

/** Parts of a request, as every route has them or not. */
export interface AnyRequest {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Where the tokens come from. */
export interface TokenSource {
  /** A token that is good now, or undefined where nobody is signed in. */
  current(signal: AbortSignal): Promise<string | undefined>;
  /** A different one after `refused` was not accepted, or undefined. */
  replace(refused: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface RequesterOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly onDegraded: (ports: readonly string[], route: string) => void;
}

const defaults = { retryForMs: 10_000, timeoutMs: 15_000 };

/** Sends requests to routes by their names. */
export class Requester {
  readonly #options: RequesterOptions;
  /** What the server's clock shows more than the monotonic one of this process, in milliseconds. */
  #serverAheadMs: number | undefined;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  /** The time by the server's clock, once it has answered; the clock of this device may be wrong. */
  get serverNowMs(): number | undefined {
    if (this.#serverAheadMs === undefined) return undefined;
    return performance.now() + this.#serverAheadMs;
  }

  /**
   * Sends a request and gives the `data` of its reply.
   * @param tokens of the user who asks; undefined for routes that take no token
   * @throws RefusedError, LostReplyError, SignedOutError, or the reason of the signal
   */
  async send<Name extends RouteName>(
    route: Name,
    request: RequestOf<Name> & AnyRequest,
    tokens: TokenSource | undefined,
    options: CallOptions = {},
  ): Promise<DataOf<Name>> {
    const [method = '', path = ''] = route.split(' ');
    const url = urlOf(this.#options.baseUrl, path, request);
    const signal = options.signal ?? new AbortController().signal;
    const send = (token: string | undefined): Promise<Reply> => {
      const timeout = AbortSignal.timeout(options.timeoutMs ?? defaults.timeoutMs);
      return this.#sendOnce({ method, url, token, body: request.body }, signal, timeout);
    };
    const { data, degraded, serverMs } = await withRetries(() => withToken(send, tokens, signal), {
      retryForMs: options.retryForMs ?? defaults.retryForMs,
      isRepeatable: options.isRepeatable ?? method === 'GET',
      signal,
    });
    this.#serverAheadMs = serverMs - performance.now();
    if (degraded.length > 0) this.#options.onDegraded(degraded, route);
    return data as DataOf<Name>;
  }

  /**
   * Opens the reply to a GET whose reply is no envelope; its body ends when the signal aborts.
   * @param path with its query
   * @throws RefusedError, LostReplyError, SignedOutError, or the reason of the signal
   */
  open(path: string, tokens: TokenSource, { signal = never }: OpenOptions): Promise<Response> {
    const request = { method: 'GET', url: this.#options.baseUrl + path, body: undefined, signal };
    const { fetch } = this.#options;
    return withToken((token) => openReply(fetch, { ...request, token }), tokens, signal);
  }

  /** A time-out is a reply that was lost; an abort by the caller is the caller's. */
  async #sendOnce(
    request: { method: string; url: string; token: string | undefined; body: unknown },
    signal: AbortSignal,
    timeout: AbortSignal,
  ): Promise<Reply> {
    try {
      const either = AbortSignal.any([signal, timeout]);
      return await sendRequest(this.#options.fetch, { ...request, signal: either });
    } catch (cause) {
      if (timeout.aborted && !signal.aborted && cause === timeout.reason)
        throw new LostReplyError(`no reply to ${request.method} in time`, { cause });
      throw cause;
    }
  }
}

/** A token that is not accepted had no effect: once more with the next one. */
async function withToken<Result>(
  send: (token: string | undefined) => Promise<Result>,
  tokens: TokenSource | undefined,
  signal: AbortSignal,
): Promise<Result> {
  const token = await tokens?.current(signal);
  try {
    return await send(token);
  } catch (error) {
    const isExpired = error instanceof RefusedError && error.status === 401;
    if (!isExpired || tokens === undefined || token === undefined) throw error;
    const next = await tokens.replace(token, signal);
    if (next === undefined) throw error;
    return send(next);
  }
}

function urlOf(baseUrl: string, path: string, { path: values = {}, query = {} }: AnyRequest) {
  const filled = path.replaceAll(/:(\w+)/g, (_match, name: string) =>
    encodeURIComponent(String(values[name])),
  );
  const url = new URL(`${baseUrl}${filled}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url.href;
}
