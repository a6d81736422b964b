import type { Redis } from 'ioredis';
import type { ConnectionEvents } from '../redis/connection.ts';

/** Reports the events of a connection; `isNone` filters errors that are no failures. */
export function watchConnection(
  client: Redis,
  { onFailure, onReady }: Pick<ConnectionEvents, 'onFailure' | 'onReady'>,
  isNone: (error: Error) => boolean = () => false,
): void {
  client.on('error', (error: Error) => {
    if (!isNone(error)) onFailure(error);
  });
  client.on('close', () => onFailure(new Error('Connection is closed.')));
  client.on('ready', onReady);
}
