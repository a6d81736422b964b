import type { Sample } from '../../packages/testkit/src/index.ts';

const absent = (path: string): Sample => ({
  status: 404,
  prepare: async (world) => ({ path, token: (await world.user()).token }),
});

/** For rows of the gateway behind which no service has a row yet: it answers 404 by itself. */
export const gatewaySamples: Readonly<Record<string, Sample & { readonly method: string }>> = {
  'ANY /v1/keys{/*rest}': { method: 'GET', ...absent('/v1/keys/none') },
  'ANY /v1/push{/*rest}': { method: 'GET', ...absent('/v1/push/none') },
};
