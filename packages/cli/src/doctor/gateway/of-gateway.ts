import type { Deployment } from '../deployment.ts';
import { CannotLook } from '../outcome.ts';
import type { Answer } from '../support/ask-http.ts';
import type { GatewaySurvey } from './survey.ts';

/** The survey for checks other than `gateway`: they are skipped if the gateway does not answer. */
export async function answeringGateway(
  deployment: Deployment,
): Promise<GatewaySurvey & { readonly ready: Answer }> {
  const survey = await deployment.gateway();
  const { ready } = survey;
  if (typeof ready !== 'string') return { ...survey, ready };
  throw new CannotLook('the gateway does not answer here; see the check gateway');
}
