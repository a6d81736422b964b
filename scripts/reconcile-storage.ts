// Compares the rows of storage with its object store, and prints the differences:
//   npm run storage:reconcile [-- --fix] [-- --grace-hours 24]
// with DATABASE_URL, and STORAGE_DIRECTORY or the variables of S3, as storage has them. Exits with 1 if differences remain.
import { parseArgs } from 'node:util';
import { explainCommandFailure, openDatabase } from '@secureconnect/postgres';
import { ConfigError, createLogger, createMetrics } from '@secureconnect/service';
import { readFilesConfig } from '../services/storage/src/config.ts';
import { openObjectStore } from '../services/storage/src/objects/open-object-store.ts';
import { createStoreMode } from '../services/storage/src/objects/store-mode.ts';
import { reconcile } from '../services/storage/src/reconciliation/reconcile.ts';
import { reconciliationReport } from '../services/storage/src/reconciliation/report.ts';

const hourMs = 60 * 60_000;
/** A sum over all files may take longer than the limit of a request. */
const statementTimeoutMs = 10 * 60_000;

/** The command line. @throws ConfigError for hours that are no number */
function readOptions(): { fix: boolean; graceHours: number } {
  const { values } = parseArgs({
    options: {
      fix: { type: 'boolean', default: false },
      'grace-hours': { type: 'string', default: '24' },
    },
  });
  const text = values['grace-hours'].trim();
  // An empty text would be 0: as of a variable that is not set.
  const graceHours = text === '' ? Number.NaN : Number(text);
  if (!(graceHours >= 0)) throw new ConfigError('--grace-hours: expected a number of hours.');
  return { fix: values.fix, graceHours };
}

async function run(): Promise<number> {
  const { fix, graceHours } = readOptions();
  const url = process.env['DATABASE_URL'];
  if (!url) throw new ConfigError('DATABASE_URL is not set; expected a postgresql:// URL.');
  const files = readFilesConfig(process.env);
  await using resources = new AsyncDisposableStack();
  const database = openDatabase({ url, statementTimeoutMs });
  resources.defer(() => database.close());
  const log = createLogger({ service: 'reconcile', level: 'warn' });
  const now = Date.now;
  const { store } = await openObjectStore({
    files,
    corsOrigins: [],
    mode: createStoreMode('reconcile'),
    metrics: createMetrics(),
    log,
    now,
    resources,
  });
  const found = await reconcile({
    database,
    objects: store,
    now,
    graceMs: graceHours * hourMs,
    fix,
  });
  process.stdout.write(`${reconciliationReport(found, fix)}\n`);
  const left = found.missing.length + (fix ? 0 : found.orphans.length + found.usage.length);
  return left === 0 ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  process.exitCode = 1;
  const url = process.env['DATABASE_URL'] ?? '';
  const line = error instanceof ConfigError ? error.message : explainCommandFailure(error, url);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
}
