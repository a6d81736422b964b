import type { Deployment } from '../deployment.ts';
import { CannotLook } from '../outcome.ts';
import type { RedisSurvey } from './survey.ts';

/** The survey for checks other than `redis`: they are skipped if no master answers. */
export async function answeringRedis(deployment: Deployment): Promise<RedisSurvey> {
  const survey = await deployment.redis();
  if (survey.masters.length > 0) return survey;
  throw new CannotLook('no master of Redis answers here; see the checks redis and sentinels');
}
