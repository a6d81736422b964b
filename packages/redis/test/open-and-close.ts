/**
 * Run as a process of its own: opens the Redis of the environment, does what the first argument says,
 * closes it, and says what is still open. It must then end by itself.
 */
import { createLogger, readEnvironment } from '@secureconnect/service';
import { openRedis, redisMode } from '../src/index.ts';
import { addressVariables, readAddress } from '../src/read-address.ts';

const config = {
  address: readAddress(readEnvironment(addressVariables, process.env)),
  keyPrefix: 'test:',
  fallbackEnabled: true,
  healthCheckIntervalSeconds: 10,
  bootWaitSeconds: 30,
};
const mode = redisMode('test', config);
const connection = openRedis({
  config,
  mode,
  log: createLogger({ service: 'test', level: 'silent' }),
});
if (process.argv[2] !== 'not started') await connection.start();
// Some are under way when it is closed.
const pings = Promise.allSettled([connection.commands.ping(), connection.subscriber.ping()]);
await connection.close();
await pings;
const open = process
  .getActiveResourcesInfo()
  .filter((resource) => resource === 'TCPSocketWrap' || resource === 'Timeout');
process.stdout.write(JSON.stringify({ state: mode.availability.state, open }));
