// A service process of the tests: one slow route, run as any service is.
import { once } from 'node:events';
import { endpoint } from '@secureconnect/contracts';
import { z } from 'zod';
import {
  createService,
  declarersFor,
  integer,
  port,
  readEnvironment,
  runService,
  secret,
  text,
} from '../src/index.ts';

const variables = {
  CHILD_PORT: port(0),
  CHILD_SECRET: secret(16),
  CHILD_NAME: text('a name'),
  CHILD_LIMIT: integer({ from: 1, to: 9, default: 5 }),
  CHILD_FAILS: text('anything').optional(),
  CHILD_STARTS_ON_MESSAGE: text('anything').optional(),
};

const { route } = declarersFor<Record<never, never>, undefined>();
const getSlow = endpoint({
  route: 'GET /v1/slow',
  id: 'getSlow',
  action: 'slow',
  tag: 'Child',
  summary: 'Get a reply when the parent process allows it',
  auth: 'none',
  reply: z.object({ slow: z.literal(true) }),
  errors: [],
});
const slow = route(getSlow, {}, async () => {
  process.send?.('asked');
  await once(process, 'message');
  return { slow: true } as const;
});

await runService({
  name: 'child-service',
  readConfig: (environment) => readEnvironment(variables, environment),
  port: (config) => ({ value: config.CHILD_PORT, variable: 'CHILD_PORT' }),
  create: async (config, log) => {
    if (config.CHILD_FAILS !== undefined) throw new Error('it fails');
    if (config.CHILD_STARTS_ON_MESSAGE !== undefined) {
      process.send?.('starting');
      // The channel's end counts as an answer: the parent has gone while this service was made.
      await Promise.race([once(process, 'message'), once(process, 'disconnect')]);
    }
    const parts = { name: 'child-service', log, context: undefined, ports: {}, readiness: {} };
    return createService({ ...parts, routes: [slow] }, new AsyncDisposableStack());
  },
});
