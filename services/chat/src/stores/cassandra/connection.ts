import { setTimeout as delay } from 'node:timers/promises';
import { causeOf, type Logger, noteRemedy, OutageLog } from '@secureconnect/service';
import { Client } from 'cassandra-driver';
import { MessageStoreUnavailable } from '../message-store-unavailable.ts';
import type { CassandraConfig } from './cassandra-config.ts';
import { clientOptions } from './client-options.ts';
import { explainCassandraFailure } from './explain-failure.ts';
import { controlConnectionOf, guardRefresh } from './guarded-refresh.ts';
import { isCassandraUnavailable } from './unavailable.ts';

/** The time limit for a node; the retry on the next node may take as long again. */
const readTimeoutMs = 1400;
const pauseBetweenAttemptsMs = 500;

/** A statement with its parameters; `undefined` ones are left unset, so that no null is stored. */
export interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

export interface BatchOptions {
  /**
   * For statements of several partitions: all or none. In one partition a batch is atomic anyway.
   */
  readonly logged: boolean;
  /** The write time of every cell in milliseconds since the epoch: the latest one counts. */
  readonly writeTimeMs: number;
}

/**
 * The connection to Cassandra. It connects in the background and retries without end, so a service
 * can start while Cassandra is down. Until then queries throw SERVICE_UNAVAILABLE within three
 * seconds.
 */
export class CassandraConnection {
  readonly #client: Client;
  readonly #config: CassandraConfig;
  readonly #outages: OutageLog;
  readonly #closing = new AbortController();
  #connecting: Promise<void> | undefined;
  #connected = false;

  constructor(config: CassandraConfig, log: Logger) {
    this.#config = config;
    const options = clientOptions(config, readTimeoutMs);
    this.#client = new Client({ ...options, keyspace: config.keyspace });
    this.#outages = new OutageLog({
      log,
      fields: { dependency: 'Cassandra' },
      failedMessage: 'Cassandra unavailable; reconnecting',
      workedMessage: 'Cassandra available again',
    });
    guardRefresh(controlConnectionOf(this.#client), (error) =>
      log.warn({ cause: causeOf(error) }, 'Cassandra control connection lost; refreshing it'),
    );
  }

  /** Begins to connect; resolves after the first attempt, successful or not. Never rejects. */
  async start(): Promise<void> {
    await this.#attempt();
    if (!this.#connected) this.#connecting = this.#keepTrying();
  }

  /** Runs one prepared statement and returns its rows, typed by the caller. */
  async query<Row extends object>({ query, params }: Statement): Promise<Row[]> {
    const result = await this.#run(() => this.#client.execute(query, [...params]));
    // A reply to a write has no rows at all.
    return (result.rows ?? []) as Row[];
  }

  /** Runs statements as one batch; none may be conditional. */
  async batch(statements: readonly Statement[], options: BatchOptions): Promise<void> {
    const queries = statements.map(({ query, params }) => ({ query, params: [...params] }));
    const { logged, writeTimeMs } = options;
    await this.#run(() =>
      this.#client.batch(queries, { logged, timestamp: writeTimeMs * 1000, prepare: true }),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connecting;
    await this.#client.shutdown();
  }

  async #run<Result>(request: () => Promise<Result>): Promise<Result> {
    if (!this.#connected) throw new MessageStoreUnavailable('away');
    try {
      const result = await request();
      this.#outages.worked();
      return result;
    } catch (error) {
      this.#explain(error);
      if (!isCassandraUnavailable(error)) throw error;
      this.#outages.failed(error);
      throw new MessageStoreUnavailable('away');
    }
  }

  async #keepTrying(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.#connected && !signal.aborted) {
      // The delay rejects when aborted; then nothing is left to do.
      await delay(pauseBetweenAttemptsMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.#attempt();
    }
  }

  async #attempt(): Promise<void> {
    try {
      await this.#client.connect();
      this.#connected = true;
      this.#outages.worked();
    } catch (error) {
      this.#explain(error);
      this.#outages.failed(error);
    }
  }

  #explain(error: unknown): void {
    noteRemedy(error, explainCassandraFailure(error, this.#config));
  }
}
