import { DegradedMode } from '@secureconnect/degraded-mode';
import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it, vi } from 'vitest';
import { started, untilState } from '../test/opened.ts';
import { readServer, ServerLog } from './server-found.ts';

describe('INFO', () => {
  it.each([
    ['redis_version:7.0.15\r\n', 'redis', '7.0.15', true],
    ['redis_version:8.2.3\r\n', 'redis', '8.2.3', true],
    ['redis_version:6.2.14\r\n', 'redis', '6.2.14', false],
    ['redis_version:255.255.255\r\n', 'redis', '255.255.255', true],
    // Valkey 9.1.2, which calls itself Redis for the sake of clients.
    [
      'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\n',
      'valkey',
      '9.1.2',
      true,
    ],
    ['# Server\r\n', 'other', '', false],
  ])('%j is %s %s', (info, server, version, isExpected) => {
    expect(readServer(`# Server\r\n${info}`)).toEqual({ server, version, isExpected });
  });

  it('of an older server is a warning that names the expected version', () => {
    const log = { info: vi.fn(), warn: vi.fn() };
    const mode = new DegradedMode({ service: 'test', classify: () => undefined });
    const servers = new ServerLog(log as never, mode);
    // As often as recovery is tried.
    for (let times = 0; times < 3; times += 1)
      servers.found(readServer('redis_version:6.2.14\r\n'));
    expect(log.warn).toHaveBeenCalledExactlyOnceWith(
      { server: 'redis', version: '6.2.14', expected: 'Redis 7 or later, or Valkey' },
      'Redis found, but older than expected',
    );
    expect(log.info).not.toHaveBeenCalled();
  });
});

it('is logged at the first contact and after each outage', async () => {
  await using server = await testRedis();
  await using redis = await started(server.url);
  const found = () => redis.lines('Redis found');
  expect(found()).toEqual([
    { server: expect.stringMatching(/^(redis|valkey)$/), version: expect.stringMatching(/^\d+\./) },
  ]);
  await server.kill();
  await untilState(redis.mode, 'unavailable');
  await server.restart();
  await untilState(redis.mode, 'available');
  expect(found()).toHaveLength(2);
});
