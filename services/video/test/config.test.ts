import { ConfigError } from '@secureconnect/service';
import { describe, expect, it } from 'vitest';
import { readVideoConfig } from '../src/index.ts';

const given = {
  DATABASE_URL: 'postgresql://localhost/x',
  REDIS_URL: 'redis://localhost',
  JWT_SECRET: 'a secret of the tests that is long enough',
};

describe('the configuration of video', () => {
  it('names no ICE servers by default', () => {
    expect(readVideoConfig(given)).toMatchObject({ port: 8083, iceServers: [] });
    const servers = [
      { urls: ['stun:stun.example.org'] },
      { urls: ['turns:turn.example.org:5349?transport=tcp'], username: 'a', credential: 'b' },
    ];
    const config = readVideoConfig({ ...given, ICE_SERVERS: JSON.stringify(servers) });
    expect(config.iceServers).toEqual(servers);
  });

  it.each([
    ['stun:stun.example.org', 'ICE_SERVERS is not valid; expected a JSON list'],
    ['{}', 'ICE_SERVERS is not valid; expected'],
    ['[{"urls":[]}]', 'ICE_SERVERS is not valid at 0.urls; expected'],
    ['[{"urls":["http://x"]}]', 'ICE_SERVERS is not valid at 0.urls.0; expected'],
    ['[{"url":"stun:x","urls":["stun:x"]}]', 'ICE_SERVERS is not valid at 0; expected'],
  ])('refuses %s', (value, message) => {
    const read = () => readVideoConfig({ ...given, ICE_SERVERS: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  it('never repeats a credential', () => {
    const value = '[{"urls":["turn:x"],"username":"a","credential":"hush","more":1}]';
    const read = () => readVideoConfig({ ...given, ICE_SERVERS: value });
    expect(read).toThrow(/^(?!.*hush)/);
  });

  it.each([
    [{ VIDEO_PORT: 'x' }, 'VIDEO_PORT is "x"; expected a whole number'],
    [{ REDIS_URL: '' }, 'REDIS_URL is not set'],
  ])('%j is refused and named', (change, message) => {
    expect(() => readVideoConfig({ ...given, ...change })).toThrow(message);
  });
});
