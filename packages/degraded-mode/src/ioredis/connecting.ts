import type { Redis } from 'ioredis';

/** A client of any class of ioredis. */
interface Connectable {
  readonly status: string;
  connect(): Promise<void>;
  once(event: 'ready' | 'close', listener: () => void): unknown;
  off(event: 'ready' | 'close', listener: () => void): unknown;
}

/**
 * Connects for the first time; ioredis then retries automatically. Resolves when the attempt
 * succeeded or failed; the client's events report which.
 */
export async function firstConnect(client: Connectable): Promise<void> {
  // A command, or a different caller, may be connecting it.
  if (['connecting', 'connect'].includes(client.status)) await untilSettled(client);
  if (client.status !== 'wait') return;
  try {
    await client.connect();
  } catch {
    // The client's listeners handle the error.
  }
}

function untilSettled(client: Connectable): Promise<void> {
  return new Promise((resolve) => {
    const settled = (): void => {
      client.off('ready', settled);
      client.off('close', settled);
      resolve();
    };
    client.once('ready', settled);
    client.once('close', settled);
  });
}

/** Closes a client for good; resolves when its socket is gone. */
export async function disconnect(client: Redis): Promise<void> {
  const hasSocket = ['connecting', 'connect', 'ready'].includes(client.status);
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.disconnect();
  if (hasSocket) await ended;
}
