import type { Deployment } from '../deployment.ts';
import { CannotLook } from '../outcome.ts';
import type { DatabaseSurvey } from './survey.ts';

/** The survey for checks other than `postgres`: they are skipped if the database does not answer. */
export async function answeringDatabase(deployment: Deployment): Promise<DatabaseSurvey> {
  const survey = await deployment.database();
  if (survey.reason === undefined) return survey;
  throw new CannotLook('the database does not answer here; see the check postgres');
}
