// Lists and retries effects, such as mails, that were given up. Requires DATABASE_URL, which is set
// in the container of the service:
//   npm run outbox:dead-letters -- --list
//   npm run outbox:dead-letters -- --retry ID
//   npm run outbox:dead-letters -- --retry all
import { parseArgs } from 'node:util';
import { listDeadLetters, retryDeadLetters } from '@secureconnect/outbox';
import { type Database, isDatabaseUnavailable, openDatabase } from '@secureconnect/postgres';
import { outboxSchema } from '../mail/mail-effect.ts';

const statementTimeoutMs = 60_000;
const maxListed = 1000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An error that the operator can correct. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { list: { type: 'boolean', default: false }, retry: { type: 'string' } },
  });
  const { list, retry } = values;
  if (list === (retry !== undefined)) {
    throw new UsageError('Set either --list, or --retry with the id of a dead letter or "all".');
  }
  if (retry !== undefined && retry !== 'all' && !uuid.test(retry)) {
    throw new UsageError(`"${retry}" is no id; expected one that --list prints, or "all".`);
  }
  const url = process.env['DATABASE_URL'];
  if (!url) throw new UsageError('DATABASE_URL is not set; expected a postgresql:// URL.');
  await using resources = new AsyncDisposableStack();
  const database = openDatabase({ url, statementTimeoutMs, maxConnections: 1 });
  resources.defer(() => database.close());
  print(retry === undefined ? await listed(database) : await retried(database, retry));
}

async function listed(database: Database): Promise<string> {
  const letters = await listDeadLetters(database, outboxSchema, maxListed);
  if (letters.length === 0) return 'There are no dead letters.';
  const lines = letters.map(({ effectId, kind, tries, lastError, createdAt, diedAt }) =>
    [effectId, kind, createdAt.toISOString(), diedAt.toISOString(), tries, lastError].join('  '),
  );
  return ['id, kind, created, given up, tries, last error:', ...lines].join('\n');
}

async function retried(database: Database, retry: string): Promise<string> {
  const which = retry === 'all' ? 'all' : { effectId: retry };
  const count = await retryDeadLetters(database, outboxSchema, which);
  if (count === 0 && retry !== 'all') throw new UsageError(`There is no dead letter ${retry}.`);
  return `Dead letters that are delivered again: ${count}.`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await run();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n`);
  else if (isDatabaseUnavailable(error)) {
    process.stderr.write(
      `The database is down; run this command again when it is up. ${String(error)}\n`,
    );
  } else throw error;
}
