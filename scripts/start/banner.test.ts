import { describe, expect, it } from 'vitest';
import { banner } from './banner.ts';
import { servicesOf } from './service-spec.ts';
import { readSettings } from './settings.ts';

const given = {
  DATABASE_URL: 'postgresql://ann:hidden@db.example.org:5432/app',
  REDIS_URL: 'redis://:hidden@redis.example.org:6379',
  AUTH_PORT: '9081',
};
const settings = readSettings(given, servicesOf('/repository'), '/repository');

describe('the banner', () => {
  const text = banner({
    settings,
    database: { url: given.DATABASE_URL },
    redis: undefined,
    files: '/repository/.data/files',
  });

  it('has every address, and three commands to try', () => {
    expect(text).toMatch(/gateway +http:\/\/localhost:8080\n +auth +http:\/\/localhost:9081\n/);
    expect(text.match(/^ {2}curl http:\/\/localhost:8080\/\S+/gm)).toEqual([
      '  curl http://localhost:8080/health',
      '  curl http://localhost:8080/v1/auth/register',
      '  curl http://localhost:8080/v1/degraded',
    ]);
  });

  it('has the console, and the demo only where its Redis can be stopped', () => {
    expect(text).toMatch(/console +http:\/\/localhost:8080\/console\n/);
    expect(text).not.toContain('/console/demo');
    const redis = {
      ...{ url: 'redis://127.0.0.1:6379', running: true, folder: '/repository/.data/redis' },
      ...{ endCommand: 'kill 1', startCommand: 'redis-server', switched: undefined },
    };
    const files = '/repository/.data/files';
    const local = banner({ settings, database: { url: given.DATABASE_URL }, redis, files });
    expect(local).toContain('\n  http://localhost:8080/console/demo\n');
  });

  it('shows where backends are, and no password', () => {
    expect(text).toMatch(/PostgreSQL +db\.example\.org:5432\n/);
    expect(text).toMatch(/Redis +redis\.example\.org:6379\n/);
    expect(text).not.toContain('hidden');
  });
});
