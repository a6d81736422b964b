import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import {
  redisClusterSkipReason,
  type TestRedis,
  testRedis,
  testRedisCluster,
} from '@secureconnect/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { started, untilState } from '../test/opened.ts';

let server: TestRedis;

beforeEach(async () => {
  server = await testRedis();
});
afterEach(async () => {
  await server.close();
});

const program = fileURLToPath(new URL('../test/open-and-close.ts', import.meta.url));

/** What a process that opens and closes Redis says, and how it ended. */
async function openAndClose(...what: string[]) {
  return openAndCloseAt({ REDIS_URL: server.url }, ...what);
}

async function openAndCloseAt(address: NodeJS.ProcessEnv, ...what: string[]) {
  const child = spawn(process.execPath, [program, ...what], {
    env: { ...process.env, ...address },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 18_000,
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { said: JSON.parse(said), code };
}

describe('a process that closed its Redis', () => {
  it('has nothing open, and ends', async () => {
    const said = { state: 'available', open: [] };
    expect(await openAndClose()).toEqual({ said, code: 0 });
  });

  it('has nothing open that it never started', async () => {
    expect(await openAndClose('not started')).toMatchObject({ said: { open: [] }, code: 0 });
  });

  it('has no socket left to a Redis that is frozen', async () => {
    server.freeze();
    const { said, code } = await openAndClose();
    expect(said.state).toBe('unavailable');
    expect(said.open).not.toContain('TCPSocketWrap');
    expect(code).toBe(0);
  });

  it('stops trying for a Redis that is down', async () => {
    await server.stop();
    const { said, code } = await openAndClose();
    expect(said.state).toBe('unavailable');
    expect(said.open).not.toContain('TCPSocketWrap');
    expect(code).toBe(0);
  });
});

it.skipIf(redisClusterSkipReason)(
  `a process that closed its cluster has nothing open, and ends${redisClusterSkipReason}`,
  { timeout: 60_000 },
  async () => {
    await using cluster = await testRedisCluster();
    const address = { REDIS_CLUSTER: cluster.addresses };
    const said = { state: 'available', open: [] };
    expect(await openAndCloseAt(address)).toEqual({ said, code: 0 });
    expect(await openAndCloseAt(address, 'not started')).toMatchObject({
      said: { open: [] },
      code: 0,
    });
    (await cluster.masterOf(0)).freeze();
    const { said: frozen, code } = await openAndCloseAt(address);
    expect(frozen.state).toBe('unavailable');
    expect(frozen.open).not.toContain('TCPSocketWrap');
    expect(code).toBe(0);
    // Whichever node it asks for the slots as it closes, there is no answer.
    for (const node of cluster.nodes) node.freeze();
    const { said: allFrozen } = await openAndCloseAt(address);
    expect(allFrozen.state).toBe('unavailable');
    expect(allFrozen.open).not.toContain('TCPSocketWrap');
  },
);

describe('close', () => {
  it('is not an outage, not even for a handler that is still running', async () => {
    const redis = await started(server.url);
    await redis.connection.close();
    expect(redis.mode.isAvailable()).toBe(true);
    const late = await redis.connection.commands.get('key').catch((error: unknown) => error);
    redis.mode.reportError(late);
    expect(redis.mode.isAvailable()).toBe(false);
    expect(redis.lines('Redis entered degraded mode')).toEqual([]);
  });

  it('may be called twice, and in an outage', async () => {
    const redis = await started(server.url);
    await server.kill();
    await untilState(redis.mode, 'unavailable');
    await redis.connection.close();
    await redis.connection.close();
  });
});
