import type { IncomingMessage, ServerResponse } from 'node:http';
import { common } from '@secureconnect/contracts/endpoints';
import type { Runtime } from '../lifecycle/service-parts.ts';
import { withoutRedaction } from '../observability/logger.ts';
import { idsOfRequest } from '../tracing/traced-listener.ts';
import type { TrustProxy } from './client-address.ts';
import { startRequest, traceField } from './request-context.ts';
import { senderOf } from './sender.ts';

/** The status in logs and metrics of a reply whose client has left. */
const clientLeft = 499;

/** Requested every few seconds by machines; a log line each would hide the rest. */
const quiet = new Set<string>(
  [common.getLive, common.getReady, common.getHealth, common.getMetrics].map(({ path }) => path),
);

/** Starts the context of each request; measures and logs it when its reply has ended. */
export function createObserver<C>(
  runtime: Runtime<C>,
  isTrusted: TrustProxy,
): (request: IncomingMessage, response: ServerResponse) => void {
  const requestLog = withoutRedaction(runtime.log);
  return (request, response) => {
    const context = startRequest(request, senderOf(request, isTrusted), runtime);
    response.setHeader('X-Request-Id', context.requestId);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // Tokens and messages: no cache may keep them. Replies that may be cached override this.
    response.setHeader('Cache-Control', 'no-store');
    response.once('close', () => {
      const seconds = (performance.now() - context.startedAt) / 1000;
      const route = context.route ?? 'none';
      const { method = 'GET' } = request;
      const status = response.writableFinished ? response.statusCode : clientLeft;
      if (context.endpoint !== undefined && status !== clientLeft) {
        runtime.checkReply(context.endpoint, status);
      }
      runtime.metrics.requestSeconds.observe({ method, route, status }, seconds);
      if (route !== 'none' && quiet.has(route)) return;
      const { requestId: request_id, databaseFailure: cause } = context;
      const duration_ms = Math.round(seconds * 1000);
      const trace = idsOfRequest(request) ?? traceField(context);
      const line = { request_id, method, route, status, duration_ms, ...trace };
      if (cause !== undefined) Object.assign(line, { cause });
      requestLog.info(line, 'request');
    });
  };
}
