/** A client of Redis by any command: one of ioredis, or one of node-redis. */
export type AnyRedis =
  | { call(command: string, ...words: string[]): Promise<unknown> }
  | { sendCommand(words: readonly string[]): Promise<unknown> };

/** Sends a command. */
export function callRedis(redis: AnyRedis, command: string, ...words: string[]): Promise<unknown> {
  // A client of ioredis has both, and its sendCommand takes something else.
  return 'call' in redis ? redis.call(command, ...words) : redis.sendCommand([command, ...words]);
}
