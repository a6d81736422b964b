import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { createLogger } from '@secureconnect/service';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { signalsToken } from '../support/stack.ts';

/** What a gateway answered to a delivery. */
export interface Reply {
  /** When the delivery arrived. */
  readonly arrivedMs: number;
  readonly status: number;
  readonly retryAfter: string | undefined;
}

export interface AlertGateway extends AsyncDisposable {
  readonly url: string;
  /** Every reply so far, in order. */
  readonly replies: readonly Reply[];
}

const webhookPath = '/api/v1/signals/prometheus';

/** Where Alertmanager delivers to the gateway on a port. */
export function webhookAt(port: number): string {
  return `http://127.0.0.1:${port}${webhookPath}`;
}

/** A real gateway in this process, which keeps what it answers to Alertmanager. */
export async function startAlertGateway(
  port: number,
  environment: NodeJS.ProcessEnv,
): Promise<AlertGateway> {
  const config = readGatewayConfig({
    JWT_SECRET: jwtSecret,
    SIGNALS_TOKEN: signalsToken,
    ...environment,
  });
  const service = await createGateway(
    config,
    createLogger({ service: 'api-gateway', level: 'silent' }),
  );
  const replies: Reply[] = [];
  service.server.prependListener(
    'request',
    (request: IncomingMessage, response: ServerResponse) => {
      if (request.url !== webhookPath) return;
      const arrivedMs = performance.now();
      response.once('finish', () => {
        const retryAfter = response.getHeader('retry-after');
        replies.push({
          arrivedMs,
          status: response.statusCode,
          retryAfter: retryAfter === undefined ? undefined : String(retryAfter),
        });
      });
    },
  );
  await service.listen(port);
  return {
    url: `http://127.0.0.1:${port}`,
    replies,
    [Symbol.asyncDispose]: () => service.close(),
  };
}
