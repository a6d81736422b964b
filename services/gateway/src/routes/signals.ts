import { AlertmanagerWebhook, KubernetesEvent } from '@secureconnect/contracts';
import { failClosed } from '@secureconnect/degraded-mode';
import { type RequestOf, replied } from '@secureconnect/service';
import { signalOfEvent } from '../alerts/from-event.ts';
import { readWebhook, refuseMalformed } from '../alerts/read-webhook.ts';
import type { Signal } from '../alerts/signal.ts';
import { kubernetesEventPath, prometheusPath } from '../alerts/signal-paths.ts';
import { deliveryReply } from '../alerts/signal-reply.ts';
import { takeDelivery } from '../alerts/take-delivery.ts';
import { type SignalPorts, takeSignal } from '../alerts/take-signal.ts';
import type { GatewayContext } from '../context.ts';
import { authorizeSignals } from './authorize-signals.ts';
import { route } from './route.ts';

/**
 * Without Redis deliveries are refused: neither can doubles be kept out at once nor storms be seen,
 * and the sender comes again by itself.
 */
const whenRedisDown = {
  deduplication: failClosed({ retryAfterSeconds: 30 }),
  storms: failClosed({ retryAfterSeconds: 30 }),
} as const;

export const signalRoutes = [
  route.post(
    prometheusPath,
    {
      operation: 'signals/prometheus',
      summary: 'Takes alerts from Alertmanager (webhook version 4), with the token of signals',
      auth: 'none',
      authorize: authorizeSignals,
      body: AlertmanagerWebhook,
      // What is too deep is cut there, alert by alert.
      maxBodyLevels: Number.POSITIVE_INFINITY,
      whenRedisDown,
    },
    async (request, ports): Promise<typeof replied> =>
      watched(request, async () => {
        const { truncatedAlerts } = request.body;
        if (typeof truncatedAlerts === 'number' && truncatedAlerts > 0) {
          request.log.warn({ truncatedAlerts }, 'a delivery was cut');
        }
        const read = readWebhook(request.body);
        const results = await take(request, read.signals, ports);
        refuseMalformed(read);
        return results;
      }),
  ),
  route.post(
    kubernetesEventPath,
    {
      operation: 'signals/kubernetes-event',
      summary: 'Takes one event of Kubernetes, with the token of signals',
      auth: 'none',
      authorize: authorizeSignals,
      body: KubernetesEvent,
      maxBodyLevels: Number.POSITIVE_INFINITY,
      whenRedisDown,
    },
    async (request, ports): Promise<typeof replied> =>
      watched(request, () => take(request, [signalOfEvent(request.body, new Date())], ports)),
  ),
];

type Request = Pick<
  RequestOf<'none', unknown, undefined, string, GatewayContext>,
  'context' | 'outgoing' | 'log'
>;

function take({ context, log }: Request, signals: readonly Signal[], ports: SignalPorts) {
  const cut = signals.find(({ cutFields }) => cutFields.length > 0);
  if (cut !== undefined) {
    const { fingerprint, cutFields } = cut;
    log.warn({ fingerprint, fields: cutFields.slice(0, 10) }, 'a signal was cut to be stored');
  }
  return takeDelivery(signals, (signal) => takeSignal(signal, ports, context.signals, log));
}

/** Takes what was delivered, and answers without the envelope. */
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
