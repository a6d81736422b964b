import type { IncomingMessage } from 'node:http';
import { ApiError, passed, replied } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { admit } from '../proxy/limits/admit.ts';
import { answerAdmission } from '../proxy/limits/answer-admission.ts';
import { relay, whenRedisDown } from './route.ts';

/** Whether a request is exempt from the limits. */
type IsExempt = (request: IncomingMessage, context: GatewayContext) => boolean;

/** Requests that a different row has already counted. */
const isCounted = new WeakSet<IncomingMessage>();
/** A token only selects the budget here, so revocations do not matter. */
const revocations = { isRevoked: async () => false };

/** A row that counts requests that the gateway itself answers, then passes them to their route. */
function counted(path: string, action: string, isExempt: IsExempt) {
  const passesBy = (request: IncomingMessage, context: GatewayContext): boolean =>
    isCounted.has(request) || isExempt(request, context);
  const { rateLimit: whenLimitsAreDown } = whenRedisDown;
  const declared = { rateLimit: whenLimitsAreDown };
  return relay(path, { action, passesBy }, declared, async (request, { rateLimit }) => {
    const { incoming, outgoing, outcomes } = request;
    isCounted.add(incoming);
    const admission = await admit(request, { isUpgrade: false }, { rateLimit, revocations });
    if (!outcomes.isEmpty) outgoing.setHeader('X-Degraded', outcomes.header());
    return answerAdmission(outgoing, admission) ? passed : replied;
  });
}

/** Limits clients that guess tokens; deliveries of alerts are never limited. */
export const strangersToSignals = counted(
  '/api/v1{/*rest}',
  'signals without their token',
  (request, { signals }) => isAllowed(() => signals.authorize(request)),
);

/** Probes are frequent and cheap, and must succeed even during a flood of other requests. */
const probes = /^\/(live|ready)\/?(\?|$)/;
const metrics = /^\/metrics\/?(\?|$)/;

/** Comes after every other row: health, documents and unknown paths. */
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
