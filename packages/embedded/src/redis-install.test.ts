import { afterEach, describe, expect, it, vi } from 'vitest';
import { installRedis } from './redis-install.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('installRedis', () => {
  it('does nothing if it is forbidden, and says what to do', async () => {
    vi.stubEnv('SECURECONNECT_NO_INSTALL', '1');
    const announced: string[] = [];
    await expect(installRedis((line) => announced.push(line))).rejects.toThrow(
      /SECURECONNECT_NO_INSTALL=1 forbids it[\s\S]*install Redis 7 or later[\s\S]*or set REDIS_URL/,
    );
    expect(announced).toEqual([]);
  });

  it('does nothing without apt-get', async () => {
    vi.stubEnv('SECURECONNECT_NO_INSTALL', '');
    vi.stubEnv('PATH', '/nowhere');
    await expect(installRedis(() => undefined)).rejects.toThrow(/Redis is not installed/);
  });
});
