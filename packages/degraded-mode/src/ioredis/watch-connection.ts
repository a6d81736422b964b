import type { Redis } from 'ioredis';
import type { ConnectionEvents } from '../redis/connection.ts';
import { readErrorReply } from '../redis/error-reply.ts';

/** Reports the events of a connection; `isNone` filters errors that are no failures. */
export function watchConnection(
  client: Redis,
  { onFailure, onReady }: Pick<ConnectionEvents, 'onFailure' | 'onReady'>,
  isNone: (error: Error) => boolean = () => false,
): void {
  client.on('error', (error: Error) => {
    if (isNone(error)) return;
    onFailure(error);
    // ioredis would go on in database 0, which may be another program's.
    if (isDatabaseRefused(error)) client.disconnect(true);
  });
  client.on('close', () => onFailure(new Error('Connection is closed.')));
  client.on('ready', onReady);
}

/** Whether a server has no database of the number that was asked for. */
function isDatabaseRefused(error: Error): boolean {
  const command: unknown = 'command' in error ? error.command : undefined;
  const isSelect = typeof command === 'object' && command !== null && 'name' in command;
  return isSelect && command.name === 'select' && readErrorReply(error.message).code === 'ERR';
}
