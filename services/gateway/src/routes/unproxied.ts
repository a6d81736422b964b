import type { IncomingMessage } from 'node:http';
import { ApiError, passed, replied } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { admit } from '../proxy/limits/admit.ts';
import { answerAdmission } from '../proxy/limits/answer-admission.ts';
import { relay, whenRedisDown } from './route.ts';

/** Whether a request is not counted. */
type IsExempt = (request: IncomingMessage, context: GatewayContext) => boolean;

/** What another row has counted already. */
const isCounted = new WeakSet<IncomingMessage>();
/** Whoever shows a token here is counted by it; nothing is done in anybody's name. */
const revocations = { isRevoked: async () => false };

/** The row that counts what the gateway answers by itself, and lets it go on to its own route. */
function counted(path: string, action: string, isExempt: IsExempt) {
  const passesBy = (request: IncomingMessage, context: GatewayContext): boolean =>
    isCounted.has(request) || isExempt(request, context);
  const { rateLimit: whenLimitsAreDown } = whenRedisDown;
  const declared = { rateLimit: whenLimitsAreDown };
  return relay(path, { action, passesBy }, declared, async (request, { rateLimit }) => {
    const { incoming, outgoing, outcomes } = request;
    isCounted.add(incoming);
    const admission = await admit({ ...request, isUpgrade: false }, { rateLimit, revocations });
    if (!outcomes.isEmpty) outgoing.setHeader('X-Degraded', outcomes.header());
    return answerAdmission(outgoing, admission) ? passed : replied;
  });
}

/** Deliveries of alerts are never limited; who tries out tokens is. */
export const strangersToSignals = counted(
  '/api/v1{/*rest}',
  'signals without their token',
  (request, { signals }) => isAllowed(() => signals.authorize(request)),
);

/** Orchestrators ask often and must be answered while others flood; it costs nothing to. */
const probes = /^\/(live|ready)\/?(\?|$)/;
const metrics = /^\/metrics\/?(\?|$)/;

/** After every other row: health, documents, and what is not there. */
export const everythingElse = counted('/{*rest}', 'everything else', (request, context) => {
  const { url = '/' } = request;
  if (probes.test(url)) return true;
  return metrics.test(url) && isAllowed(() => context.metricsAccess(request));
});

function isAllowed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
