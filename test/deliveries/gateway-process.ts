import { join } from 'node:path';
import { eventually, freePort, ServiceProcess } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { signalsToken } from '../support/stack.ts';

/** A gateway that takes deliveries. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
}

/** One in a process of its own, to be killed and started again on the same port. */
export interface GatewayProcess extends Gateway {
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again and waits until it takes requests. */
  restart(): Promise<void>;
  /** Lines of its log at `error` and above. */
  readonly errors: readonly string[];
}

const main = join(import.meta.dirname, '../../services/gateway/src/main.ts');

/** What a gateway reads, beside the variables of its Redis. */
export function gatewayVariables(databaseUrl: string): NodeJS.ProcessEnv {
  return { DATABASE_URL: databaseUrl, JWT_SECRET: jwtSecret, SIGNALS_TOKEN: signalsToken };
}

/** Starts it with these variables. */
export async function startGatewayProcess(environment: NodeJS.ProcessEnv): Promise<GatewayProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const errors: string[] = [];
  const service = new ServiceProcess({
    main,
    url,
    environment: { ...process.env, LOG_LEVEL: 'error', GATEWAY_PORT: String(port), ...environment },
    onOutput: (text) => errors.push(text),
  });
  const kill = (): Promise<void> => service.end('SIGKILL');
  await service.start();
  return { url, kill, restart: () => service.start(), errors, [Symbol.asyncDispose]: kill };
}

/** Waits until the flag of a gateway says so. */
export function untilDegraded(url: string, degraded: boolean): Promise<void> {
  return eventually(
    async () => {
      const reply = await fetch(`${url}/ready`);
      const { redis }: { redis: string } = JSON.parse(await reply.text());
      if ((redis === 'degraded') !== degraded) throw new Error(`redis is still ${redis}`);
    },
    { timeoutMs: 45_000 },
  );
}
