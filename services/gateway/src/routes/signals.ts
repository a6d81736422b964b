import { signals } from '@secureconnect/contracts/endpoints';
import { failClosed } from '@secureconnect/degraded-mode';
import { type RequestOf, replied } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { signalOfEvent } from '../signals/from-event.ts';
import { readWebhook, refuseMalformed } from '../signals/read-webhook.ts';
import type { Signal } from '../signals/signal.ts';
import { deliveryReply } from '../signals/signal-reply.ts';
import { takeDelivery } from '../signals/take-delivery.ts';
import { type SignalPorts, takeSignal } from '../signals/take-signal.ts';
import { needsRemediationRequests, route } from './route.ts';

/**
 * While Redis is down, deliveries are refused, because neither duplicates nor storms can be
 * detected; while the store is, because nothing would keep them. The sender retries automatically.
 */
const whenDown = {
  deduplication: failClosed({ retryAfterSeconds: 30 }),
  storms: failClosed({ retryAfterSeconds: 30 }),
  ...needsRemediationRequests,
} as const;

export const signalRoutes = {
  receivePrometheusAlerts: route(
    signals.receivePrometheusAlerts,
    whenDown,
    async (request, ports): Promise<typeof replied> =>
      watched(request, async () => {
        const { truncatedAlerts } = request.body;
        if (typeof truncatedAlerts === 'number' && truncatedAlerts > 0) {
          request.log.warn({ truncatedAlerts }, 'delivery truncated by its sender');
        }
        const read = readWebhook(request.body);
        const results = await take(request, read.signals, ports);
        refuseMalformed(read);
        return results;
      }),
  ),
  receiveKubernetesEvent: route(
    signals.receiveKubernetesEvent,
    whenDown,
    async (request, ports): Promise<typeof replied> =>
      watched(request, () => take(request, [signalOfEvent(request.body, new Date())], ports)),
  ),
};

type Request = Pick<
  RequestOf<'none', unknown, undefined, string, GatewayContext>,
  'context' | 'outgoing' | 'log'
>;

function take(request: Request, delivered: readonly Signal[], ports: SignalPorts) {
  const cut = delivered.find(({ cutFields }) => cutFields.length > 0);
  if (cut !== undefined) {
    const { fingerprint, cutFields } = cut;
    const fields = cutFields.slice(0, 10);
    request.log.warn({ fingerprint, fields }, 'signal truncated to fit the store');
  }
  const { signals: taking } = request.context;
  return takeDelivery(delivered, (signal) => takeSignal(signal, ports, taking, request));
}

/** Accepts a delivery, and answers without the envelope. */
async function watched(
  { context, outgoing }: Request,
  work: () => ReturnType<typeof take>,
): Promise<typeof replied> {
  try {
    const { status, body } = deliveryReply(await work());
    outgoing.setHeader('Content-Type', 'application/json; charset=utf-8');
    outgoing.writeHead(status).end(JSON.stringify(body));
    return replied;
  } catch (error) {
    context.signals.watch.failed(outgoing, error);
    throw error;
  }
}
