import { expect } from 'vitest';
import { clientOptions } from '../../src/ioredis/client-options.ts';
import { PatientRedis } from '../../src/ioredis/patient-redis.ts';
import { eventually } from '../../src/testing/eventually.ts';

/** A client as the product opens it, without its connection life. */
export function oneClient(url: string): PatientRedis {
  const options = clientOptions({ kind: 'single', url });
  const opened = new PatientRedis(url, {
    ...options,
    retryStrategy: () => null,
    reconnectOnError: null,
  });
  opened.on('error', () => undefined); // what is looked at here is what commands say
  return opened;
}

/**
 * The same, connected. A server that a busy machine has just started may answer too late for the
 * product's limits; then a new client asks again.
 */
export function connectedClient(url: string): Promise<PatientRedis> {
  return eventually(async () => {
    const opened = oneClient(url);
    await opened.connect();
    return opened;
  });
}

/** What a command was rejected with; it must not be answered. */
export async function errorOf(command: Promise<unknown>): Promise<unknown> {
  return command.then(
    (reply) => expect.unreachable(`it answered ${String(reply).slice(0, 40)}`),
    (error: unknown) => error,
  );
}
