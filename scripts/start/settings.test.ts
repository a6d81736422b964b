import { describe, expect, it } from 'vitest';
import { servicesOf } from './service-spec.ts';
import { readSettings } from './settings.ts';

const read = (environment: NodeJS.ProcessEnv) =>
  readSettings(environment, servicesOf('/repository'), '/repository');

const complete = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://database/secureconnect',
  REDIS_SENTINELS: 'a:1,b:2,c:3',
  JWT_SECRET: 'x'.repeat(32),
  FACTOR_SECRET: 'y'.repeat(32),
  SIGNALS_TOKEN: 'y',
  STORAGE_DIRECTORY: '/files',
  SMTP_URL: 'smtp://mail.internal',
};

describe('the settings of the starter', () => {
  it('have a default for everything except what is started', () => {
    const settings = read({});
    expect(settings.services.map(({ name, port }) => `${name} ${port}`)).toEqual([
      'gateway 8080',
      'auth 8081',
      'chat 8082',
      'video 8083',
      'storage 8084',
    ]);
    expect(settings).toMatchObject({ production: false, dataDir: '/repository/.data' });
    expect(settings.databaseUrl).toBeUndefined();
    expect(settings.redis).toBeUndefined();
  });

  it('take an empty variable for one that is not set', () => {
    expect(read({ DATABASE_URL: '', GATEWAY_PORT: '' })).toEqual(read({}));
  });

  it('name every wrong port, what it was and what is allowed', () => {
    expect(() => read({ GATEWAY_PORT: 'http', AUTH_PORT: '70000' })).toThrow(
      'GATEWAY_PORT is "http"; expected a whole number from 1 to 65535.\n' +
        'AUTH_PORT is "70000"; expected a whole number from 1 to 65535.',
    );
  });

  it('refuse one port for two services', () => {
    expect(() => read({ CHAT_PORT: '8080' })).toThrow('GATEWAY_PORT and CHAT_PORT are both 8080');
  });

  it('name everything that production lacks, at once', () => {
    expect(() => read({ NODE_ENV: 'production' })).toThrow(
      'DATABASE_URL, REDIS_URL (or REDIS_SENTINELS with REDIS_MASTER_NAME, or REDIS_CLUSTER), ' +
        'JWT_SECRET, FACTOR_SECRET, ' +
        'SIGNALS_TOKEN, STORAGE_DIRECTORY (or S3_ENDPOINT), SMTP_URL.',
    );
    expect(read(complete)).toMatchObject({ production: true, redis: 'a:1,b:2,c:3' });
    const inS3 = { ...complete, STORAGE_DIRECTORY: '', S3_ENDPOINT: 'http://s3:9000' };
    expect(read(inS3)).toMatchObject({ storageDirectory: undefined, s3: 'http://s3:9000' });
  });
});
