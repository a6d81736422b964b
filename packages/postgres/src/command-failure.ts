import { explainServiceFailure } from './start-failure.ts';
import { isDatabaseUnavailable } from './unavailable.ts';

/**
 * What a command of the operator says of an error, in one line: of options that `parseArgs` refused, or
 * of the database. Undefined for a mistake of ours, whose stack trace is wanted.
 */
export function explainCommandFailure(error: unknown, databaseUrl: string): string | undefined {
  const known = explainWrongOptions(error) ?? explainServiceFailure(error, databaseUrl);
  if (known !== undefined || !isDatabaseUnavailable(error)) return known;
  return `The database is down; run this command again when it is up. ${String(error)}`;
}

/** What `parseArgs` says of options that it refuses; undefined for other errors. */
export function explainWrongOptions(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  if (!String(error.code).startsWith('ERR_PARSE_ARGS_')) return undefined;
  return error.message.endsWith('.') ? error.message : `${error.message}.`;
}
