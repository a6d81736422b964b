import type pg from 'pg';
import { type Companion, runFramed } from './framed-query.ts';
import { backendText, type StatementNames } from './statement-names.ts';
import { isConnectionBroken } from './unavailable.ts';

export interface TransactionOptions {
  /**
   * READ COMMITTED is for work that many processes do on the same rows and that needs no more than
   * its row locks: under SERIALIZABLE, most of it would fail with 40001.
   */
  readonly isolation?: 'SERIALIZABLE' | 'READ COMMITTED';
}

export interface TransactionDeps extends Required<TransactionOptions> {
  readonly client: pg.PoolClient;
  readonly names: StatementNames;
  readonly statementTimeoutMs: number;
  /** Makes the pool close the connection for this reason. */
  readonly discard: (why: Error) => void;
}

/** The server ends a transaction that is idle for this long. */
const idleInTransactionMs = 5000;
const idleLimit: Companion = {
  name: 'idle_limit',
  text: `SET LOCAL idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
  values: [],
};
const commitment: Companion = { name: 'commit', text: 'COMMIT', values: [] };

/**
 * A transaction on one connection. It begins with its first statement, in the same round trip: until
 * then it would only hold a snapshot that has seen nothing.
 */
export class Transaction {
  readonly #deps: TransactionDeps;
  /** Of the first statement; absent before it. */
  #begun: Promise<unknown> | undefined;

  constructor(deps: TransactionDeps) {
    this.#deps = deps;
  }

  /** Runs a statement. Without values, a text may be several statements. */
  async run(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const { client, names } = this.#deps;
    if (this.#begun === undefined && this.#canFrame(values)) {
      const first = this.#framed(text, values, [idleLimit], []);
      this.#begun = first;
      return first;
    }
    this.#begun ??= this.#begin();
    // Also if the caller did not wait: outside its transaction, a statement would commit at once.
    await this.#begun;
    const name = values.length === 0 ? '' : names.nameOf(client, text);
    return client.query({ ...(name === '' ? {} : { name }), text, values: [...values] });
  }

  /** Runs the only statement, and commits it in the same round trip. */
  async runAlone(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    if (this.#canFrame(values)) {
      const alone = this.#framed(text, values, [], [commitment]);
      this.#begun = alone;
      return alone;
    }
    const result = await this.run(text, values);
    await this.commit();
    return result;
  }

  async commit(): Promise<void> {
    if (this.#begun !== undefined) await this.#deps.client.query('COMMIT');
  }

  /** Never throws: the caller reports an earlier error. On failure, discards the connection. */
  async rollBack(why: unknown): Promise<void> {
    // The server rolls back the transactions of lost connections. If it did not answer the last
    // statement, it would not answer a ROLLBACK either.
    if (this.#begun === undefined || isConnectionBroken(why)) return;
    try {
      await this.#deps.client.query('ROLLBACK');
    } catch (error) {
      this.#deps.discard(error instanceof Error ? error : new Error('rollback failed'));
    }
  }

  /** Whether a statement can be sent with others: several cannot, nor the first of a connection. */
  #canFrame(values: readonly unknown[]): boolean {
    const { client, names } = this.#deps;
    return values.length > 0 && names.isDirect(client) !== undefined;
  }

  #framed(
    text: string,
    values: readonly unknown[],
    limits: readonly Companion[],
    after: readonly Companion[],
  ): Promise<pg.QueryResult> {
    const { client, names } = this.#deps;
    const before = [...this.#beginning(), ...limits];
    return runFramed(client, names, { before, text, values, after });
  }

  #beginning(): Companion[] {
    const { isolation, statementTimeoutMs } = this.#deps;
    const begin = `BEGIN ISOLATION LEVEL ${isolation}`;
    const limit = `SET LOCAL statement_timeout = ${statementTimeoutMs}`;
    return [
      { name: `begin ${isolation}`, text: begin, values: [] },
      { name: 'transaction_limit', text: limit, values: [] },
    ];
  }

  async #begin(): Promise<void> {
    const { client, names } = this.#deps;
    const isFirst = names.isDirect(client) === undefined;
    const texts = [...this.#beginning(), idleLimit].map(({ text }) => text);
    if (isFirst) texts.push(`SELECT ${backendText}`);
    const results: unknown = await client.query(texts.join('; '));
    if (isFirst && Array.isArray(results)) names.hearBackend(client, results.at(-1)?.rows[0]);
  }
}
