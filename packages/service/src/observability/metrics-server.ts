import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ApiError } from '../http/api-error.ts';
import { explainListenFailure } from '../lifecycle/listen-failure.ts';
import type { Logger } from './logger.ts';
import type { ServiceMetrics } from './metrics.ts';
import type { MetricsAccess } from './metrics-access.ts';

export interface MetricsServerOptions {
  readonly metrics: ServiceMetrics;
  /** 0 lets the system choose one. */
  readonly port: number;
  /** The variable that chose it, for the message if it cannot be opened. */
  readonly variable: string;
  readonly access: MetricsAccess;
  readonly log: Logger;
}

/** A few Prometheus servers, and a person. */
const maxConnections = 50;
const timeouts = { headersTimeout: 5000, requestTimeout: 10_000 };

/**
 * Serves `GET /metrics`, and nothing else, on a port of its own, which need not be open to clients.
 * Resolves to a function that closes it. Throws ConfigError if the port cannot be opened.
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<() => Promise<void>> {
  const server = createServer(timeouts, (request, response) => {
    void answer(request, response, options);
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    const { port, variable } = options;
    server.once('error', (error) => reject(explainListenFailure(error, port, variable) ?? error));
    server.listen(port, resolve);
  });

  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: MetricsServerOptions,
): Promise<void> {
  try {
    const { status, headers, text } = await replyTo(request, options);
    response.writeHead(status, headers).end(text);
  } catch (error) {
    options.log.error({ err: error }, 'metrics could not be collected');
    response.writeHead(500).end();
  }
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

async function replyTo(
  request: IncomingMessage,
  { metrics: { registry }, access }: MetricsServerOptions,
): Promise<Reply> {
  const plain = { 'Content-Type': 'text/plain; charset=utf-8' };
  if (request.url?.split('?', 1)[0] !== '/metrics') {
    return { status: 404, headers: plain, text: 'Only /metrics is here.\n' };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, headers: { ...plain, Allow: 'GET, HEAD' }, text: 'Send GET.\n' };
  }
  try {
    access(request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const headers = { ...plain, ...error.options.headers };
    return { status: error.status, headers, text: `${error.message}\n` };
  }
  const headers = { 'Content-Type': registry.contentType };
  return { status: 200, headers, text: await registry.metrics() };
}
