/**
 * Run as a process of its own: opens the Redis of REDIS_URL, does what the first argument says,
 * closes it, and says what is still open. It must then end by itself.
 */
import { createLogger } from '@secureconnect/service';
import { openRedis, redisMode } from '../src/index.ts';

const config = {
  address: { kind: 'single', url: process.env['REDIS_URL'] ?? '' },
  keyPrefix: 'test:',
  fallbackEnabled: true,
  statelessAuth: false,
  healthCheckIntervalSeconds: 10,
  bootWaitSeconds: 30,
} as const;
const mode = redisMode('test', config);
const connection = openRedis({
  config,
  mode,
  log: createLogger({ service: 'test', level: 'silent' }),
});
if (process.argv[2] !== 'not started') await connection.start();
// Some are under way when it is closed.
const pings = [connection.commands.ping(), connection.subscriber.ping()];
await connection.close();
await Promise.allSettled(pings);
const open = process
  .getActiveResourcesInfo()
  .filter((resource) => resource === 'TCPSocketWrap' || resource === 'Timeout');
process.stdout.write(JSON.stringify({ state: mode.availability.state, open }));
