import { randomUUID } from 'node:crypto';
import { Refresh } from '@secureconnect/contracts';
import { sessionIdOf } from '../support/session-id.ts';
import type { Cluster } from './cluster.ts';
import { type CountedLimit, countedLimitOf, declared, type OperationName } from './declared.ts';
import type { Facts, Operation } from './history.ts';
import type { Random } from './random.ts';

export interface ClientOptions {
  readonly cluster: Cluster;
  readonly now: () => number;
  /** Takes every operation when it is over. */
  readonly record: (operation: Operation) => void;
  readonly user: string;
  readonly random: Random;
}

export interface Request {
  readonly token?: string;
  readonly body?: unknown;
  /** In the place of the row's path: with its parameters, or with a query. */
  readonly path?: string;
  /** A whole signed URL and its bytes. */
  readonly signed?: { readonly url: string; readonly bytes: Buffer };
  readonly expected: readonly number[];
  readonly facts?: Facts;
  /** Past the gateway, to an instance's own port. */
  readonly direct?: boolean;
}

export interface Reply {
  readonly status: number;
  /** The field `data` of the reply; empty where there is none. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly operation: Operation;
}

/** Nobody waits longer for a reply. */
const maxMs = 10_000;

/** How a simulated user speaks HTTP; whatever happens is recorded. */
export class Client {
  readonly options: ClientOptions;
  userId: string | undefined;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** Where the next request goes: one of the gateways, or an instance of the service itself. */
  entry(name: OperationName, direct = false): { name: string; url: string } {
    const { cluster, random } = this.options;
    return random.pick(cluster.of(direct ? declared[name].service : 'gateway'));
  }

  async send(name: OperationName, request: Request): Promise<Reply> {
    const { now, record } = this.options;
    const id = randomUUID();
    const entry = this.entry(name, request.direct);
    const startMs = now();
    const got = await this.#exchange(id, name, entry.url, request);
    const operation = this.operation(name, {
      id,
      entry: entry.name,
      startMs,
      ...got,
      expected: request.expected,
      facts: request.facts ?? {},
      limit: request.direct === true ? undefined : this.#limitOf(name, request),
    });
    record(operation);
    return { status: got.status, data: dataOf(got.body), operation };
  }

  /** Fills in what every operation has. */
  operation(
    name: OperationName,
    seen: Omit<Operation, 'user' | 'userId' | 'name' | 'endMs' | 'instance'>,
  ): Operation {
    const { cluster, now, user } = this.options;
    return {
      ...seen,
      user,
      userId: this.userId,
      name,
      instance: cluster.takerOf(declared[name].service, seen.id),
      endMs: now(),
    };
  }

  #limitOf(name: OperationName, { body, facts }: Request): CountedLimit | undefined {
    const { user } = this.options;
    const refresh = Refresh.safeParse(body);
    return countedLimitOf(name, {
      user: facts?.revokedAtMs === undefined ? user : undefined,
      session: refresh.success ? sessionIdOf(refresh.data.refresh_token) : undefined,
    });
  }

  async #exchange(
    id: string,
    name: OperationName,
    url: string,
    { token, body, path, signed }: Request,
  ): Promise<Pick<Operation, 'status' | 'body' | 'degraded' | 'retryAfter'>> {
    const content = signed?.bytes ?? (body === undefined ? undefined : JSON.stringify(body));
    const contentType = signed === undefined ? 'application/json' : 'text/plain';
    try {
      const response = await fetch(signed?.url ?? `${url}${path ?? declared[name].path}`, {
        method: declared[name].method,
        signal: AbortSignal.timeout(maxMs),
        headers: {
          'x-request-id': id,
          'x-forwarded-for': this.#address(),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(content === undefined ? {} : { 'content-type': contentType }),
        },
        ...(content === undefined ? {} : { body: content }),
      });
      const { status, headers } = response;
      const degraded = headers.get('x-degraded');
      return {
        status,
        body: await response.text(),
        degraded,
        retryAfter: headers.get('retry-after'),
      };
    } catch (error) {
      // No reply at all is an outcome too, and judged as one.
      return { status: 0, body: reasonOf(error), degraded: null, retryAfter: null };
    }
  }

  #address(): string {
    const { random } = this.options;
    const parts = [random.integer(0, 255), random.integer(0, 255), random.integer(1, 254)];
    return `10.${parts.join('.')}`;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${String(error.cause)}`;
}

function dataOf(body: string): Readonly<Record<string, unknown>> {
  if (!body.startsWith('{')) return {};
  return JSON.parse(body).data ?? {};
}
