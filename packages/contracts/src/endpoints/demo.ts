import { DemoRedis } from '../demo.ts';
import { consoleLimit, endpoint } from '../endpoint.ts';

/** For the page of the demo: asked from this machine alone, so without a token. */
const local = {
  tag: 'Operation',
  auth: 'none',
  reply: DemoRedis,
  limit: consoleLimit,
} as const;

const onlyThere =
  'Only where `npm start` runs Redis, and only for programs and pages of the same machine; elsewhere 404.';

export const getDemoRedis = endpoint({
  ...local,
  route: 'GET /console/demo/redis',
  id: 'getDemoRedis',
  action: 'demo switch',
  summary: 'Tell whether the Redis of the demo runs',
  description: onlyThere,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'BAD_GATEWAY'],
});

export const switchDemoRedis = endpoint({
  ...local,
  route: 'PUT /console/demo/redis',
  id: 'switchDemoRedis',
  action: 'switching the demo',
  summary: 'Stop or start the Redis of the demo',
  description: `${onlyThere} Replies when Redis has stopped, or answers.`,
  body: DemoRedis,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'BAD_GATEWAY'],
});
