import type { IncomingMessage } from 'node:http';
import type { DemoRedis } from '@secureconnect/contracts';
import { demo } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { type RedisSwitch, SwitchError } from '../demo/redis-switch.ts';
import { isFromSameMachine } from '../demo/same-machine.ts';
import { route } from './route.ts';

interface Request {
  readonly incoming: IncomingMessage;
  readonly context: GatewayContext;
}

/** Without any port: it must work while Redis is down, to end that. */
export const demoRoutes = {
  getDemoRedis: route(demo.getDemoRedis, {}, (request) =>
    throughSwitch(request, (redis) => redis.read()),
  ),
  switchDemoRedis: route(demo.switchDemoRedis, {}, (request) =>
    throughSwitch(request, (redis) => redis.set(request.body)),
  ),
};

async function throughSwitch(
  { incoming, context }: Request,
  use: (redis: RedisSwitch) => Promise<DemoRedis>,
): Promise<DemoRedis> {
  const { demoRedis } = context;
  if (demoRedis === undefined) {
    throw new ApiError('NOT_FOUND', 'There is no switch: npm start does not run Redis here.');
  }
  if (!isFromSameMachine(incoming)) {
    throw new ApiError('FORBIDDEN', 'Only this machine may do so, at http://localhost.');
  }
  try {
    return await use(demoRedis);
  } catch (error) {
    if (!(error instanceof SwitchError)) throw error;
    throw new ApiError('BAD_GATEWAY', `Redis was not switched: ${error.message}.`);
  }
}
