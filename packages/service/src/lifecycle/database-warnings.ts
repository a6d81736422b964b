import type { DatabaseSurvey } from '@secureconnect/postgres';

/** One line of the log, and what an operator can do about it. */
export interface DatabaseWarning {
  readonly message: string;
  readonly remedy: string;
}

/** Tokens live for a minute at least, and their times are judged by the clock of each machine. */
const maxClockDifferenceMs = 30_000;

/** The messages of the warnings, with what to do, in the words of docs/troubleshooting.md. */
export const warningRemedies = {
  'schema is older than this version':
    'Run the migrations of this version: node scripts/migrate.ts with this DATABASE_URL.',
  'schema is newer than this version':
    'Start the version that migrated it, unless this is a rollback as in docs/operations.md.',
  "clock differs from PostgreSQL's": 'Correct the clocks; both machines should follow NTP.',
} as const;

/**
 * What a survey found, a line each.
 * @param place the database, as in `PostgreSQL at db:5432 (database "app", role "app")`
 */
export function databaseWarnings(
  { missing, unknown, clockAheadMs }: DatabaseSurvey,
  place: string,
  schema: string,
): DatabaseWarning[] {
  const found: [keyof typeof warningRemedies, string][] = [];
  if (missing.length > 0) {
    const more = missing.length === 1 ? '' : ` and ${missing.length - 1} more`;
    const what = `schema "${schema}" lacks the migration ${missing[0]}${more}`;
    found.push(['schema is older than this version', what]);
  }
  if (unknown.length > 0) {
    const what = `schema "${schema}" has run ${unknown[0]}, which this version does not know`;
    found.push(['schema is newer than this version', what]);
  }
  if (Math.abs(clockAheadMs) > maxClockDifferenceMs) {
    const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
    const what = `its clock is ${seconds} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} the clock here`;
    found.push(["clock differs from PostgreSQL's", what]);
  }
  return found.map(([message, what]) => ({
    message,
    remedy: `${place}: ${what}. ${warningRemedies[message]}`,
  }));
}
