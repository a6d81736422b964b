// Lists and retries effects, such as mails, that were given up. Requires DATABASE_URL, which is set
// in the container of the service:
//   npm run outbox:dead-letters -- --list
//   npm run outbox:dead-letters -- --retry ID
//   npm run outbox:dead-letters -- --retry all
import { parseArgs } from 'node:util';
import { listDeadLetters, retryDeadLetters } from '@secureconnect/outbox';
import type { Database } from '@secureconnect/postgres';
import { outboxSchema } from '../mail/mail-effect.ts';
import { runCommand, UsageError } from './run-command.ts';

const maxListed = 1000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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

await runCommand((database) => {
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
  return retry === undefined ? listed(database) : retried(database, retry);
});
