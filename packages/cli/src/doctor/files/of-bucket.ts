import type { Deployment } from '../deployment.ts';
import { CannotLook } from '../outcome.ts';
import type { BucketSurvey } from './survey-bucket.ts';

/** The survey for checks other than `bucket`: they are skipped if the bucket cannot be used. */
export async function usableBucket(deployment: Deployment): Promise<BucketSurvey> {
  const survey = await deployment.bucket();
  if (survey.reason === undefined) return survey;
  throw new CannotLook('the bucket cannot be used from here; see the check bucket');
}
