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

  it('takes no switch of the demo in production', () => {
    const DEMO_REDIS_SWITCH = `http://127.0.0.1:1/${'a'.repeat(43)}`;
    expect(readGatewayConfig({ ...least, DEMO_REDIS_SWITCH }).demoRedisSwitch).toBe(
      DEMO_REDIS_SWITCH,
    );
    expect(() =>
      readGatewayConfig({ ...least, NODE_ENV: 'production', DEMO_REDIS_SWITCH }),
    ).toThrow('DEMO_REDIS_SWITCH is set; expected nothing in production.');
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
    ['CONSOLE_CONNECT_ORIGINS', 'https://a.example; script-src *'],
    ['CONSOLE_CONNECT_ORIGINS', 'https://a.example/'],
    ['GATEWAY_PORT', '80800'],
    ['SIGNALS_TOKEN', 'fifteen--bytes-'],
    ['SIGNALS_TOKEN', 'sixteen bytes or more'],
    ['SIGNALS_TOKEN', 'change-me-to-something'],
    ['SIGNALS_AUTH', 'none'],
    ['SIGNALS_KUBERNETES_NAMESPACE', 'Not a name'],
    ['DEMO_REDIS_SWITCH', 'http://10.0.0.1:1/x'],
    ['SIGNALS_CLOSED_RETENTION_DAYS', '-1'],
    ['SIGNALS_CLOSED_RETENTION_DAYS', 'ever'],
    ['SIGNALS_SINK', 'file'],
    ['SIGNALS_ENVIRONMENTS', 'payments'],
    ['SIGNALS_ENVIRONMENTS', 'payments=somewhere'],
    ['SIGNALS_ENVIRONMENTS', '=prod'],
  ])('refuses %s=%s, naming the variable', (name, value) => {
    expect(() => readGatewayConfig({ ...least, [name]: value })).toThrow(name);
  });

  it('guesses no addresses in production', () => {
    const environment = { ...least, NODE_ENV: 'production', AUTH_URL: 'http://a' };
    expect(() => readGatewayConfig(environment)).toThrow('CHAT_URL is not set');
  });

  it('takes the settings of signals', () => {
    const { signals } = readGatewayConfig({
      ...least,
      SIGNALS_TOKEN: 'sixteen-bytes-or-more',
      SIGNALS_ENVIRONMENTS: 'payments=production, lab = dev',
    });
    expect(signals.auth).toEqual({ kind: 'token', token: 'sixteen-bytes-or-more' });
    expect(signals.sink).toEqual({ kind: 'postgres' });
    expect(signals.closedRetentionDays).toBe(30);
    expect([...signals.environments]).toEqual([
      ['payments', 'prod'],
      ['lab', 'dev'],
    ]);
  });

  it('keeps requests in Kubernetes if the namespace is set', () => {
    const kubernetes = { ...least, SIGNALS_SINK: 'kubernetes' };
    expect(() => readGatewayConfig(kubernetes)).toThrow('SIGNALS_KUBERNETES_NAMESPACE is not set');
    const named = { ...kubernetes, SIGNALS_KUBERNETES_NAMESPACE: 'secureconnect' };
    const { sink } = readGatewayConfig({ ...named, KUBECONFIG: '/x' }).signals;
    expect(sink).toEqual({ kind: 'kubernetes', namespace: 'secureconnect', kubeconfig: '/x' });
    expect(readGatewayConfig(named).signals.sink).toEqual({
      kind: 'kubernetes',
      namespace: 'secureconnect',
      kubeconfig: undefined,
    });
  });

  it('requires a token or mutual TLS for deliveries in production', () => {
    const addresses = ['AUTH', 'CHAT', 'VIDEO', 'STORAGE'].map((name) => [
      `${name}_URL`,
      'http://a',
    ]);
    const production = { ...least, ...Object.fromEntries(addresses), NODE_ENV: 'production' };
    expect(() => readGatewayConfig(production)).toThrow('SIGNALS_TOKEN is not set');
    const off = { ...production, SIGNALS_AUTH: 'off' };
    expect(() => readGatewayConfig(off)).toThrow('SIGNALS_AUTH is "off"');
    const proxied = { ...production, SIGNALS_AUTH: 'mutual-tls' };
    expect(readGatewayConfig(proxied).signals.auth).toEqual({ kind: 'mutual-tls' });
  });
});
