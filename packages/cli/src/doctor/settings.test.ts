import { describe, expect, it } from 'vitest';
import { Settings } from './settings.ts';

describe('the settings of a deployment', () => {
  it('count an empty variable as not set', () => {
    const settings = new Settings({
      REDIS_URL: '',
      CORS_ORIGINS: ' https://a.org , ,https://b.org',
    });
    expect(settings.get('REDIS_URL')).toBeUndefined();
    expect(settings.list('CORS_ORIGINS')).toEqual(['https://a.org', 'https://b.org']);
    expect(settings.flag('ACCEPT_HS256_TOKENS', true)).toBe(true);
  });

  it('know which variables hold secrets', () => {
    const names = [
      ...['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'REDIS_PASSWORD', 'SIGNALS_TOKEN', 'S3_SECRET_KEY'],
      ...['VAPID_PRIVATE_KEY', 'SFU_API_SECRET', 'METRICS_TOKEN', 'TURN_SECRET', 'PUSH_SECRET'],
    ];
    const others = [
      ...['ACCESS_TOKEN_SECONDS', 'REFRESH_TOKEN_DAYS', 'REDIS_KEY_PREFIX', 'VAPID_PUBLIC_KEY'],
      ...[
        'S3_ACCESS_KEY',
        'SFU_API_KEY',
        'REDIS_TLS_KEY',
        'APNS_KEY_FILE',
        'APNS_KEY_ID',
        'ACCEPT_HS256_TOKENS',
        'LOG_LEVEL',
      ],
    ];
    const all = Object.fromEntries([...names, ...others].map((name) => [name, 'value']));
    expect([...new Settings(all).secrets().keys()]).toEqual(names);
  });

  it('find the passwords in URLs, decoded', () => {
    const urls = {
      SMTP_URL: 'smtp://me:a%2Fb@mail',
      REDIS_URL: 'redis://redis',
      AUTH_URL: 'no URL',
    };
    expect(new Settings(urls).urlPasswords()).toEqual(new Map([['SMTP_URL', 'a/b']]));
  });
});
