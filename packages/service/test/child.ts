// A service process of the tests: one slow route, run as any service is.
import { once } from 'node:events';
import { z } from 'zod';
import {
  createService,
  integer,
  port,
  readEnvironment,
  routesFor,
  runService,
  secret,
  text,
} from '../src/index.ts';

const variables = {
  CHILD_PORT: port(0),
  CHILD_SECRET: secret(16),
  CHILD_NAME: text('a name'),
  CHILD_LIMIT: integer({ from: 1, to: 9, otherwise: 5 }),
  CHILD_STARTS_ON_MESSAGE: text('anything').optional(),
};

const route = routesFor<Record<never, never>, undefined>();
const Slow = z.object({ slow: z.literal(true) });
const slow = route.get(
  '/v1/slow',
  { auth: 'none', operation: 'slow', reply: Slow, whenRedisDown: {} },
  async () => {
    process.send?.('asked');
    await once(process, 'message');
    return { slow: true } as const;
  },
);

await runService({
  name: 'child-service',
  readConfig: (environment) => readEnvironment(variables, environment),
  port: (config) => ({ value: config.CHILD_PORT, variable: 'CHILD_PORT' }),
  create: async (config, log) => {
    if (config.CHILD_STARTS_ON_MESSAGE !== undefined) {
      process.send?.('starting');
      // The channel's end counts as an answer: the parent has gone while this service was made.
      await Promise.race([once(process, 'message'), once(process, 'disconnect')]);
    }
    const parts = { name: 'child-service', log, context: undefined, ports: {}, readiness: {} };
    return createService({ ...parts, routes: [slow] }, new AsyncDisposableStack());
  },
});
