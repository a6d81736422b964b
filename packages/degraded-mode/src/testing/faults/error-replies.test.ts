import { appendFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { type TestRedis, testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { freePort } from '../servers/ports.ts';
import { errorReplyTo, type RefusingState } from './error-replies.ts';
import { growing, keyless, servedWhileLoading, writes } from './redis-commands.ts';

/** Sends inline commands over a connection of their own and returns everything up to `until`. */
function ask(redis: TestRedis, commands: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: redis.port, host: '127.0.0.1' });
    let received = '';
    socket.setTimeout(2000, () => socket.destroy(new Error(`only received ${received}`)));
    socket.once('error', reject);
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (!until.test(received)) return;
      socket.destroy();
      resolve(received);
    });
    socket.write(`${commands}\r\n`);
  });
}

/** Brings a real server into a state, and names a command that it then refuses. */
const ways: readonly [RefusingState, string, (redis: TestRedis) => Promise<void>][] = [
  ['READONLY', 'SET a 1', async (redis) => void (await ask(redis, 'REPLICAOF 127.0.0.1 1', /OK/))],
  ['OOM', 'SET a 1', async (redis) => void (await ask(redis, 'CONFIG SET maxmemory 1', /OK/))],
  ['NOAUTH', 'GET a', async (redis) => void (await ask(redis, 'CONFIG SET requirepass p', /OK/))],
  [
    'MISCONF',
    'PING',
    async (redis) => {
      await ask(redis, 'CONFIG SET save "3600 1000000"\r\nCONFIG SET appendonly no', /OK\s+\+OK/);
      rmSync(redis.files.folder, { recursive: true });
      await ask(redis, 'BGSAVE', /started/);
      await eventually(() => ask(redis, 'PING', /MISCONF/));
    },
  ],
  [
    'CLUSTERDOWN',
    'GET a',
    async (redis) => {
      // Its other port is 10,000 above its own by default, which may be more than there are.
      const busPort = await freePort();
      appendFileSync(redis.files.config, `cluster-enabled yes\ncluster-port ${busPort}\n`);
      await redis.restart({ empty: true });
    },
  ],
];

describe('the error replies', () => {
  it.each(ways)('say %s as a real server does', async (state, command, bring) => {
    await using redis = await testRedis();
    await bring(redis);
    const genuine = await ask(redis, command, /\r\n/);
    const [name = ''] = command.toLowerCase().split(' ');
    expect(errorReplyTo(state, name)?.toString()).toBe(genuine);
    await redis.kill(); // one that cannot save would not end by itself
  });

  it('refuse what the server itself classifies so', async () => {
    await using redis = await testRedis();
    for (const [flag, names] of [
      ['write', writes],
      ['denyoom', growing],
      ['loading', servedWhileLoading],
    ] as const) {
      const list = await ask(redis, `COMMAND INFO ${[...names].join(' ')}\r\nPING`, /\+PONG/);
      const flagged = list.match(new RegExp(`^\\+${flag}\\r$`, 'gm')) ?? [];
      // Subcommands of a container (OBJECT, XGROUP) have flags of their own; none is listed here.
      expect(flagged.length).toBeGreaterThanOrEqual(names.size);
    }
    for (const name of [...writes].filter(
      (one) => !['flushall', 'flushdb', 'swapdb'].includes(one),
    ))
      expect(keyless.has(name)).toBe(false);
  });

  it('let pass what a server in that state serves', () => {
    expect(errorReplyTo('READONLY', 'get')).toBeUndefined();
    expect(errorReplyTo('OOM', 'del')).toBeUndefined();
    expect(errorReplyTo('MISCONF', 'publish')).toBeUndefined();
    expect(errorReplyTo('LOADING', 'publish')).toBeUndefined();
    expect(errorReplyTo('NOAUTH', 'auth')).toBeUndefined();
    expect(errorReplyTo('CLUSTERDOWN', 'ping')).toBeUndefined();
    expect(errorReplyTo('READONLY', 'evalsha')?.toString()).toMatch(/^-READONLY .*\r\n$/);
  });
});
