import { createLogger } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { Upstream } from '../src/proxy/upstreams/upstream.ts';

const log = createLogger({ service: 'gateway', level: 'silent' });
const timeouts = { connectMs: 500, headersMs: 1000, idleMs: 1000 };
const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);

it('of two avoided instances, the one avoided for longer comes first', async () => {
  const upstream = new Upstream('chat', ['http://one.test', 'http://two.test'], timeouts, log);
  const [one, two] = upstream.instances;
  const firsts = () =>
    new Set([
      ...keys.map((key) => upstream.byKey(key)[0]),
      ...keys.map(() => upstream.inTurn()[0]),
    ]);
  expect(firsts()).toEqual(new Set([one, two]));
  // In a rolling restart: it was away a moment ago and is back, and the other begins to stop.
  one?.avoid();
  expect(firsts()).toEqual(new Set([two]));
  two?.avoid();
  expect(firsts()).toEqual(new Set([one]));
  one?.avoid();
  expect(firsts()).toEqual(new Set([two]));
  await upstream.close();
});
