import {
  databasePlace,
  explainServiceFailure,
  isDatabaseUnavailable,
  surveyDatabase,
} from '@secureconnect/postgres';
import { noteRemedy } from '../observability/cause.ts';
import type { Logger } from '../observability/logger.ts';
import { OutageLog } from '../observability/outage-log.ts';
import { databaseWarnings } from './database-warnings.ts';

export interface SurveyedSchema {
  readonly databaseUrl: string;
  /** The service's schema. */
  readonly schema: string;
  /** The folder with its `<number>_<name>.sql` files. */
  readonly directory: string;
}

const intervalMs = 30_000;

/**
 * Warns of a schema of a different version, and of clocks that differ, once each; looks again until
 * there is nothing to warn of. A service does not wait for it: migrations may still run. Resolves
 * after the first look; later ones do not keep the process alive.
 */
export async function warnOfDatabase(surveyed: SurveyedSchema, log: Logger): Promise<void> {
  const told = new Set<string>();
  const outages = new OutageLog({
    log,
    fields: { dependency: 'database' },
    failedMessage: 'schema not compared with this version',
    workedMessage: 'schema compared with this version',
  });
  const look = async (): Promise<void> => {
    const isDone = await warn(surveyed, log, told, outages);
    if (!isDone) setTimeout(() => void look(), intervalMs).unref();
  };
  await look();
}

/** Returns whether the database answered, and there is nothing to warn of. */
async function warn(
  { databaseUrl, schema, directory }: SurveyedSchema,
  log: Logger,
  told: Set<string>,
  outages: OutageLog,
): Promise<boolean> {
  try {
    const survey = await surveyDatabase(databaseUrl, { schema, directory });
    outages.worked();
    const warnings = databaseWarnings(survey, databasePlace(databaseUrl), schema);
    for (const { message, remedy } of warnings) {
      if (!told.has(message)) log.warn({ schema, remedy }, message);
      told.add(message);
    }
    return warnings.length === 0;
  } catch (error) {
    // The service's own connections report that the database is down.
    if (isDatabaseUnavailable(error)) return false;
    noteRemedy(error, explainServiceFailure(error, databaseUrl));
    outages.failed(error);
    return false;
  }
}
