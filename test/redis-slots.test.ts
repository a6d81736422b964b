import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slotOf } from '@secureconnect/redis';
import { documentedUsers } from '@secureconnect/redis/testing';
import { eventually } from '@secureconnect/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { sendSample } from './conformance/send-sample.ts';
import { tableRows } from './conformance/tables.ts';
import { bothWays, eachOneWay } from './conformance/ways.ts';
import { createWorld } from './conformance/world.ts';
import { untilGauges } from './support/gauges.ts';
import { openSocket } from './support/open-socket.ts';
import { monitorRedis, type SeenCommand } from './support/redis-monitor.ts';
import { startStack } from './support/stack.ts';

const root = join(import.meta.dirname, '..');

/** How many scripts the product has, the probe's own among them. */
function scriptsCount(): number {
  const files = globSync('{packages,services}/*/src/**/*.ts', {
    cwd: root,
    exclude: ['**/*.test.ts', '**/node_modules/**'],
  });
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?<!function )redisScript\(/g)].map(
      () => file,
    ),
  ).length;
}

const keysOfAll = ['del', 'exists', 'unlink', 'mget', 'touch'];
const withoutKeys = [
  'auth',
  'ping',
  'info',
  'role',
  'time',
  'monitor',
  'config',
  'client',
  'select',
];
/**
 * Whether it asks one server for revocations of several requests; of a cluster each is asked by
 * itself, as packages/redis/src/any-exists.test.ts shows.
 */
const isOfOneServer = ({ name, values }: SeenCommand): boolean =>
  name === 'exists' && values.every((key) => key.includes(':blacklist:'));

const channels = ['publish', 'subscribe', 'unsubscribe'];

/** The keys of a command; of a script, those that it was given. */
function keysOf({ name, values }: SeenCommand): readonly string[] {
  if (name === 'evalsha' || name === 'eval') return values.slice(2, 2 + Number(values[1]));
  if (withoutKeys.includes(name) || channels.includes(name)) return [];
  return keysOfAll.includes(name) ? values : values.slice(0, 1);
}

/** Every route, an outage in which limits are counted and logins fail, and its recovery. */
async function everythingThatIsSent(): Promise<readonly SeenCommand[]> {
  const settings = { REDIS_HEALTH_CHECK_INTERVAL: '1', ENABLE_STATELESS_AUTH: 'true' };
  await using stack = await startStack(settings);
  using monitor = await monitorRedis(stack.redis.port);
  const world = createWorld(stack);
  const user = await world.user();
  const socket = await openSocket(`${stack.urls.gateway}/v1/ws/chat`, user.token);
  for (const { to, method, sample } of eachOneWay(bothWays(tableRows()), 0)) {
    await sendSample(stack.urls[to], method, await sample.prepare(world));
  }
  const { email, token } = user;
  const fail = () =>
    sendSample(stack.urls.gateway, 'POST', {
      path: '/v1/auth/login',
      body: { email, password: 'not the right one' },
    });
  expect((await fail()).status).toBe(401);
  stack.redis.freeze();
  await untilGauges(stack, '1');
  expect(
    (await sendSample(stack.urls.gateway, 'GET', { path: '/v1/users/me', token })).status,
  ).toBe(200);
  stack.redis.thaw();
  await untilGauges(stack, '0');
  socket[Symbol.dispose]();
  // Its user's presence is the last that is told.
  const isTold = ({ name, values: [key] }: SeenCommand) =>
    name === 'zrem' && key?.includes(':presence:') === true;
  await eventually(() => expect(monitor.seen.some(isTold)).toBe(true));
  return [...monitor.seen];
}

describe('in a cluster every command is served by one node:', () => {
  let seen: readonly SeenCommand[];
  beforeAll(async () => {
    seen = await everythingThatIsSent();
  }, 120_000);

  it('the keys of each command and of each call of a script are in one slot', () => {
    const sent = seen.filter((command) => !command.byScript && !isOfOneServer(command));
    expect(sent.length).toBeGreaterThan(1000);
    const torn = sent.filter((command) => new Set(keysOf(command).map(slotOf)).size > 1);
    expect(torn).toEqual([]);
    expect(sent.some((command) => keysOf(command).length > 1)).toBe(true);
  });

  it('every script of the product was among them', () => {
    const hashes = new Set(
      seen.flatMap(({ name, values }) => (name === 'evalsha' ? values[0] : [])),
    );
    expect(scriptsCount()).toBeGreaterThan(5);
    expect(hashes.size).toBe(scriptsCount());
  });

  it('the documented user may run no command that only the probe uses', () => {
    const ofProduct = seen.filter(
      (command) => !keysOf(command).some((key) => key.includes(':probe:')),
    );
    const used = new Set(ofProduct.map(({ name }) => name));
    const [ofServers] = documentedUsers();
    expect(ofServers.commands.filter((command) => !used.has(command))).toEqual([]);
  });

  it('no script touches a key that is not among its arguments', () => {
    let given: readonly string[] = [];
    const strange: SeenCommand[] = [];
    for (const command of seen) {
      if (!command.byScript) given = keysOf(command);
      else if (keysOf(command).some((key) => !given.includes(key))) strange.push(command);
    }
    expect(strange).toEqual([]);
    expect(seen.some(({ byScript }) => byScript)).toBe(true);
  });
});
