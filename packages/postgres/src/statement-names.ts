import pg from 'pg';

/** A statement gets a name at this use: many come only once. */
const namedAtUse = 2;
/** The server keeps a plan for each name and connection. */
const defaultMaxNames = 200;
/** Texts that may still get a name; the least recently used ones are forgotten. */
const maxCandidates = 200;

/** Selects what `StatementNames.hearBackend` needs. */
export const backendText = 'pg_backend_pid() AS backend';

/**
 * The names of the statements of a pool that are repeated: the server parses and plans a
 * named statement once per connection. Only connections to the server itself get them. PgBouncer in
 * transaction mode gives each transaction a different session, and before 1.21 it does not know in
 * which session a name is.
 */
export class StatementNames {
  readonly #maxNames: number;
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  /** Whether a connection is to the server itself; absent until it is known. */
  readonly #isDirect = new WeakMap<pg.ClientBase, boolean>();

  constructor(maxNames = defaultMaxNames) {
    this.#maxNames = maxNames;
  }

  /** Whether statements may be named on a connection; undefined until `hearBackend`. */
  isDirect(client: pg.ClientBase): boolean | undefined {
    return this.#isDirect.get(client);
  }

  /**
   * Takes the row that `backendText` selects. A pooler gives its clients keys of its own to cancel
   * with; the server's key has the number of its process.
   */
  hearBackend(client: pg.ClientBase & { processID?: number | null }, row: unknown): void {
    const backend = typeof row === 'object' && row !== null && 'backend' in row && row.backend;
    this.#isDirect.set(client, String(backend) === String(client.processID));
  }

  /** The name of a statement on a connection; '' for none. */
  nameOf(client: pg.ClientBase, text: string): string {
    if (this.#isDirect.get(client) !== true) return '';
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    this.#uses.delete(text);
    if (uses < namedAtUse || this.#names.size >= this.#maxNames) this.#remember(text, uses);
    else this.#names.set(text, `statement_${this.#names.size + 1}`);
    return this.#names.get(text) ?? '';
  }

  #remember(text: string, uses: number): void {
    this.#uses.set(text, uses);
    const [oldest] = this.#uses.keys();
    if (this.#uses.size > maxCandidates && oldest !== undefined) this.#uses.delete(oldest);
  }
}

/**
 * Whether a named statement was not run, because its session does not have it or because a migration
 * changed its columns. A new connection does not have the problem.
 */
export function isNameOutdated(error: unknown): error is Error {
  if (!(error instanceof pg.DatabaseError)) return false;
  return (
    error.code === '26000' || (error.code === '0A000' && error.routine === 'RevalidateCachedQuery')
  );
}
