import { ConfigError } from '@secureconnect/service';
import { describe, expect, it } from 'vitest';
import { readVideoConfig } from '../src/index.ts';

const given = {
  DATABASE_URL: 'postgresql://localhost/x',
  REDIS_URL: 'redis://localhost',
  JWT_SECRET: 'a secret of the tests that is long enough',
};
const relay = {
  TURN_URLS: 'turn:turn.internal:3478, turns:turn.internal:5349?transport=tcp',
  TURN_SECRET: 'a TURN secret of the tests, long enough',
};

const sfu = {
  SFU_URL: 'wss://livekit.internal',
  SFU_API_KEY: 'key',
  SFU_API_SECRET: 'a LiveKit secret of the tests, long enough',
};

describe('the configuration of video', () => {
  it('names no STUN and TURN servers by default', () => {
    expect(readVideoConfig(given)).toMatchObject({
      port: 8083,
      turn: { stunUrls: [], relay: undefined, credentialSeconds: 300 },
    });
  });

  it('names STUN and TURN servers', () => {
    const STUN_URLS = 'stun:stun.internal';
    const config = readVideoConfig({
      ...given,
      ...relay,
      STUN_URLS,
      TURN_CREDENTIAL_SECONDS: '60',
    });
    expect(config.turn).toEqual({
      stunUrls: ['stun:stun.internal'],
      relay: {
        urls: ['turn:turn.internal:3478', 'turns:turn.internal:5349?transport=tcp'],
        secret: relay.TURN_SECRET,
      },
      credentialSeconds: 60,
    });
  });

  it('names a LiveKit server, which is reached where clients reach it by default', () => {
    expect(readVideoConfig(given).sfu).toBeUndefined();
    const read = (change: object) =>
      readVideoConfig({ ...given, ...sfu, NODE_ENV: 'production', ...change }).sfu;
    expect(read({})).toEqual({
      url: 'wss://livekit.internal',
      apiUrl: 'https://livekit.internal',
      apiKey: 'key',
      apiSecret: sfu.SFU_API_SECRET,
      tokenSeconds: 120,
    });
    const SFU_API_URL = 'http://livekit:7880/';
    expect(read({ SFU_API_URL })).toMatchObject({ apiUrl: 'http://livekit:7880' });
  });

  it.each([
    [{ SFU_URL: 'https://x' }, 'SFU_URL has a value that is not allowed; expected the WebSocket'],
    [{ SFU_URL: 'wss://x/path' }, 'SFU_URL has a value that is not allowed; expected'],
    [{ SFU_URL: 'wss://a:b@x' }, 'SFU_URL has a value that is not allowed; expected'],
    [{ SFU_API_URL: 'wss://x' }, 'SFU_API_URL has a value that is not allowed; expected the HTTP'],
    [{ SFU_API_KEY: '' }, 'SFU_API_KEY is not set, but SFU_URL is'],
    [{ SFU_API_SECRET: '' }, 'SFU_API_SECRET is not set, but SFU_URL is'],
    [{ SFU_API_SECRET: 'short' }, 'SFU_API_SECRET has a value that is not allowed; expected at'],
    [{ SFU_API_SECRET: given.JWT_SECRET }, 'SFU_API_SECRET is the same as JWT_SECRET'],
    [{ SFU_API_SECRET: relay.TURN_SECRET, ...relay }, 'SFU_API_SECRET is the same as TURN_SECRET'],
    [{ SFU_TOKEN_SECONDS: '3600' }, 'SFU_TOKEN_SECONDS is "3600"; expected'],
    [{ SFU_URL: 'ws://x', NODE_ENV: 'production' }, 'SFU_URL must use wss in production'],
  ])('with an SFU, %j is refused and named', (change, message) => {
    const read = () => readVideoConfig({ ...given, ...sfu, ...change });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  it.each([
    [{ STUN_URLS: 'turn:x' }, 'STUN_URLS has a value that is not allowed; expected'],
    [{ TURN_URLS: 'stun:x' }, 'TURN_URLS has a value that is not allowed; expected'],
    [{ TURN_URLS: 'turn:a:b@x' }, 'TURN_URLS has a value that is not allowed; expected'],
    [{ TURN_URLS: 'http://x' }, 'TURN_URLS has a value that is not allowed; expected'],
    [{ TURN_SECRET: '' }, 'TURN_SECRET is not set, but TURN_URLS is; expected'],
    [{ TURN_SECRET: 'short' }, 'TURN_SECRET has a value that is not allowed; expected at least 32'],
    [{ TURN_SECRET: given.JWT_SECRET }, 'TURN_SECRET is the same as JWT_SECRET'],
    [{ TURN_CREDENTIAL_SECONDS: '59' }, 'TURN_CREDENTIAL_SECONDS is "59"; expected'],
    [{ TURN_CREDENTIAL_SECONDS: '86400' }, 'TURN_CREDENTIAL_SECONDS is "86400"; expected'],
    [{ ICE_SERVERS: '[{"urls":["turn:x"]}]' }, 'ICE_SERVERS is no longer used; set STUN_URLS'],
    [{ VIDEO_PORT: 'x' }, 'VIDEO_PORT is "x"; expected a whole number'],
    [{ REDIS_URL: '' }, 'REDIS_URL is not set'],
  ])('%j is refused and named', (change, message) => {
    const read = () => readVideoConfig({ ...given, ...relay, ...change });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  it('has no default for the secret, in production or elsewhere', () => {
    for (const NODE_ENV of ['production', 'development']) {
      const { TURN_URLS } = relay;
      const read = () => readVideoConfig({ ...given, NODE_ENV, TURN_URLS });
      expect(read).toThrow('TURN_SECRET is not set, but TURN_URLS is');
    }
  });

  it('never repeats the secret', () => {
    const read = () => readVideoConfig({ ...given, ...relay, TURN_SECRET: 'hush' });
    expect(read).toThrow(/^(?!.*hush)/);
  });
});
