import { askRedis, eventually, FaultProxy, testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { type Opened, started, untilState } from '../test/opened.ts';

/** Longer than a recovery takes, so that a mode which flaps has come back by then. */
const longEnoughMs = 2000;

/** The reason in force once the probe has seen it; the mode must then stay as it is. */
async function lastingReason({ mode, lines }: Opened): Promise<string | undefined> {
  await untilState(mode, 'unavailable');
  const recovered = new Promise((resolve) => mode.availability.once('recovered', resolve));
  const waited = new Promise((resolve) => setTimeout(() => resolve('still down'), longEnoughMs));
  expect(await Promise.race([recovered, waited])).toBe('still down');
  expect(lines('Redis entered degraded mode')).toHaveLength(1);
  return mode.availability.reason;
}

const prompt = { healthCheckIntervalSeconds: 1 };

describe.concurrent('one command that is refused, whatever the code,', () => {
  const onCommands = [
    ...['ping', 'role', 'info', 'get', 'set', 'del', 'exists', 'expire', 'zadd', 'zrem'],
    ...['hdel', 'publish', 'evalsha', 'eval', 'subscribe', 'unsubscribe'],
  ];

  it.each(onCommands)('is seen by the probe, and the mode does not flap: %s', async (command) => {
    await using server = await testRedis();
    await using proxy = await FaultProxy.start(server.port);
    await using redis = await started(proxy.url, prompt);
    await proxy.setMode({
      kind: 'answering',
      error: 'XYZZY no',
      to: (sent) => sent === command,
    });
    expect(await lastingReason(redis)).toBe(`XYZZY ${command}`);
    await proxy.setMode({ kind: 'pass' });
    await untilState(redis.mode, 'available');
  });

  it('also when it is every one', async () => {
    await using server = await testRedis();
    await using proxy = await FaultProxy.start(server.port);
    await using redis = await started(proxy.url, prompt);
    await proxy.setMode({ kind: 'answering', error: 'XYZZY no', to: () => true });
    expect(await lastingReason(redis)).toMatch(/^XYZZY \w+$/);
    await proxy.setMode({ kind: 'pass' });
    await untilState(redis.mode, 'available');
  });
});

describe.concurrent('what an ACL denies', () => {
  it.each([
    ...['time', 'hset', 'hincrby', 'hget', 'hmget', 'hgetall', 'hdel', 'zadd', 'zcard'],
    ...['zrevrange', 'zremrangebyscore', 'get', 'pexpire', 'evalsha', 'eval'],
  ])('is seen by the probe, also where only scripts use it: %s', async (command) => {
    await using server = await testRedis();
    await using redis = await started(server.url, prompt);
    await askRedis(server.port, `ACL SETUSER default -${command}`);
    expect(await lastingReason(redis)).toMatch(/^NOPERM \w+$/);
    await askRedis(server.port, `ACL SETUSER default +${command}`);
    await untilState(redis.mode, 'available');
  });

  it.each(['session', 'limit', 'blacklist', 'storm', 'presence'])(
    'is seen by the probe where it is a kind of key: %s',
    async (kind) => {
      await using server = await testRedis();
      await using redis = await started(server.url, prompt);
      const kinds = ['epoch', 'probe', 'blacklist', 'limit', 'instances', 'signal', 'storm'];
      kinds.push('session', 'failed_logins', 'password_reset', 'password_reset_mails');
      kinds.push('directory', 'presence');
      const allowed = kinds.filter((one) => one !== kind).map((one) => `~test:${one}:*`);
      await askRedis(server.port, `ACL SETUSER default resetkeys ${allowed.join(' ')}`);
      expect(await lastingReason(redis)).toMatch(/^NOPERM (del|evalsha)$/);
      await askRedis(server.port, 'ACL SETUSER default allkeys');
      await untilState(redis.mode, 'available');
    },
  );

  it('is seen by the probe if it denies the channels', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url, prompt);
    await askRedis(server.port, 'ACL SETUSER default resetchannels');
    expect(await lastingReason(redis)).toMatch(/^(NOPERM (publish|subscribe)|closed)$/);
    await askRedis(server.port, 'ACL SETUSER default allchannels');
    await untilState(redis.mode, 'available');
  });
});

describe.concurrent('a refusal that comes with the connection', () => {
  it('is the reason, not that the connection ended', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url, prompt);
    await askRedis(server.port, 'CONFIG SET requirepass secret');
    await redis.connection.commands.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(
      () => undefined, // its own connection ends with it
    );
    await untilState(redis.mode, 'unavailable');
    await eventually(() => expect(redis.mode.availability.reason).toBe('NOAUTH info'));
    expect(redis.lines('Redis is still unavailable')).toContainEqual({ reason: 'NOAUTH info' });
  });
});
