import { expect, it } from 'vitest';
import { pagesEnvironment } from './pages-environment.ts';
import { servicesOf } from './service-spec.ts';
import { readSettings } from './settings.ts';

const of = (given: NodeJS.ProcessEnv) =>
  pagesEnvironment(readSettings(given, servicesOf('/repository'), '/repository'));

it('names the addresses of the own machine, by the ports that were chosen', () => {
  expect(of({ GATEWAY_PORT: '9080', STORAGE_PORT: '9084' })).toEqual({
    CORS_ORIGINS: 'http://localhost:9080,http://127.0.0.1:9080',
    CONSOLE_CONNECT_ORIGINS: 'http://localhost:9084',
    PASSKEY_RP_ID: 'localhost',
    PASSKEY_ORIGINS: 'http://localhost:9080',
  });
});

it('leaves what the environment names', () => {
  const given = {
    CORS_ORIGINS: 'https://app.example.com',
    CONSOLE_CONNECT_ORIGINS: 'https://files.example.com',
    PASSKEY_RP_ID: 'example.com',
  };
  const { CORS_ORIGINS, CONSOLE_CONNECT_ORIGINS } = given;
  expect(of(given)).toEqual({ CORS_ORIGINS, CONSOLE_CONNECT_ORIGINS });
});

it('names nothing where files are in a bucket', () => {
  expect(of({ S3_ENDPOINT: 'https://s3.example.com' })).toEqual({});
});
