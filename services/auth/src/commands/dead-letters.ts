// Lists and retries effects, such as mails, that were given up. Requires DATABASE_URL, which is set
// in the container of the service:
//   npm run outbox:dead-letters -- --list
//   npm run outbox:dead-letters -- --retry ID
//   npm run outbox:dead-letters -- --retry all
// Those of auth, or with --service video of video, which is in the same database.
import { parseArgs } from 'node:util';
import { listDeadLetters, retryDeadLetters } from '@secureconnect/outbox';
import type { Database } from '@secureconnect/postgres';
import { runCommand, UsageError } from './run-command.ts';

/** The services that have an outbox, in a schema of their name. */
const services = ['auth', 'video'];
const maxListed = 1000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function listed(database: Database, schema: string): Promise<string> {
  const letters = await listDeadLetters(database, schema, maxListed);
  if (letters.length === 0) return 'There are no dead letters.';
  const lines = letters.map(({ effectId, kind, tries, lastError, createdAt, diedAt }) =>
    [effectId, kind, createdAt.toISOString(), diedAt.toISOString(), tries, lastError].join('  '),
  );
  return ['id, kind, created, given up, tries, last error:', ...lines].join('\n');
}

async function retried(database: Database, schema: string, retry: string): Promise<string> {
  const which = retry === 'all' ? 'all' : { effectId: retry };
  const count = await retryDeadLetters(database, schema, which);
  if (count === 0 && retry !== 'all') throw new UsageError(`There is no dead letter ${retry}.`);
  return `Dead letters that are delivered again: ${count}.`;
}

await runCommand((database) => {
  const { values } = parseArgs({
    options: {
      list: { type: 'boolean', default: false },
      retry: { type: 'string' },
      service: { type: 'string', default: 'auth' },
    },
  });
  const { list, retry, service } = values;
  if (!services.includes(service)) {
    throw new UsageError(`"${service}" has no outbox; expected one of: ${services.join(', ')}.`);
  }
  if (list === (retry !== undefined)) {
    throw new UsageError('Set either --list, or --retry with the id of a dead letter or "all".');
  }
  if (retry !== undefined && retry !== 'all' && !uuid.test(retry)) {
    throw new UsageError(`"${retry}" is no id; expected one that --list prints, or "all".`);
  }
  return retry === undefined ? listed(database, service) : retried(database, service, retry);
});
