import { describe, expect, it } from 'vitest';
import { readGatewayConfig } from '../src/index.ts';

const least = {
  DATABASE_URL: 'postgresql://127.0.0.1/x',
  REDIS_URL: 'redis://127.0.0.1',
  JWT_SECRET: 'a secret of the tests that is long enough',
};

describe('readGatewayConfig', () => {
  it('finds the services of one machine by their ports', () => {
    const config = readGatewayConfig({ ...least, CHAT_PORT: '9082' });
    expect(config.port).toBe(8080);
    expect(config.upstreams).toEqual({
      auth: ['http://127.0.0.1:8081'],
      chat: ['http://127.0.0.1:9082'],
      video: ['http://127.0.0.1:8083'],
      storage: ['http://127.0.0.1:8084'],
    });
    expect(config.corsOrigins).toEqual([]);
    expect(config.trustedProxies).toEqual([]);
  });

  it('takes a list of instances', () => {
    const { upstreams } = readGatewayConfig({ ...least, AUTH_URL: 'http://a:1, https://b' });
    expect(upstreams.auth).toEqual(['http://a:1', 'https://b']);
  });

  it.each([
    ['AUTH_URL', 'auth:8081'],
    ['AUTH_URL', 'http://a,,http://b'],
    ['CHAT_URL', 'http://a/path'],
    ['VIDEO_URL', 'redis://a'],
    ['STORAGE_URL', 'http://user@a'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['CORS_ORIGINS', 'null'],
    ['GATEWAY_PORT', '80800'],
  ])('refuses %s=%s, naming the variable', (name, value) => {
    expect(() => readGatewayConfig({ ...least, [name]: value })).toThrow(name);
  });

  it('guesses no addresses in production', () => {
    const environment = { ...least, NODE_ENV: 'production', AUTH_URL: 'http://a' };
    expect(() => readGatewayConfig(environment)).toThrow('CHAT_URL is not set');
  });
});
