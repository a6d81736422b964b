import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVideoConfig } from '../../src/config.ts';
import { kindsIn } from '../../src/push/push-config.ts';
import { minimalEnvironment } from './messages.ts';
import { vapidEnvironment } from './vapid.ts';

const read = (environment: NodeJS.ProcessEnv) =>
  readVideoConfig({ ...minimalEnvironment, ...environment }).push;
const production = { NODE_ENV: 'production', JWT_SECRET: 'p'.repeat(48) };
const pushSecret = 'q'.repeat(48);
const apple = {
  APNS_KEY_ID: 'ABC123DEFG',
  APNS_TEAM_ID: 'DEF123GHIJ',
  APNS_TOPIC: 'com.example.a',
};

let folder: string;
/** Files by name. */
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'push-config-'));
  const pem = (pair: { privateKey: { export(options: object): unknown } }): string =>
    String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const account = {
    type: 'service_account',
    project_id: 'a-project',
    private_key_id: 'a1',
    private_key: rsa,
    client_email: 'push@a-project.iam.gserviceaccount.com',
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const write = (name: string, text: string) => writeFile(file(name), text);
  await write('fcm.json', JSON.stringify(account));
  await write('http.json', JSON.stringify({ ...account, token_uri: 'http://a.example/token' }));
  await write('keyless.json', JSON.stringify({ ...account, private_key: 'none' }));
  await write('p256.p8', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' })));
  await write('p384.p8', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' })));
  await write('rsa.p8', rsa);
});
afterAll(() => rm(folder, { recursive: true }));

it('no kind of push is set up by default, also in production', () => {
  expect(kindsIn(read({}))).toEqual([]);
  expect(kindsIn(read(production))).toEqual([]);
});

it('each kind is set up by its settings', () => {
  const fcm = { FCM_SERVICE_ACCOUNT_FILE: file('fcm.json') };
  const apns = { ...apple, APNS_KEY_FILE: file('p256.p8') };
  expect(kindsIn(read(vapidEnvironment))).toEqual(['web']);
  expect(kindsIn(read(fcm))).toEqual(['fcm']);
  expect(kindsIn(read(apns))).toEqual(['apns']);
  const all = { ...production, ...vapidEnvironment, ...fcm, ...apns, PUSH_SECRET: pushSecret };
  expect(kindsIn(read(all))).toEqual(['web', 'fcm', 'apns']);
});

describe('is refused at the start:', () => {
  const { VAPID_PUBLIC_KEY: publicKey, ...withoutPublicKey } = vapidEnvironment;
  const otherKey = `B${'A'.repeat(86)}`;
  it.each([
    ['a VAPID key alone', () => withoutPublicKey, 'Set VAPID_PUBLIC_KEY'],
    [
      'keys that are no pair',
      () => ({ ...vapidEnvironment, VAPID_PUBLIC_KEY: otherKey }),
      'VAPID_PUBLIC_KEY is not the public key',
    ],
    [
      'a contact that is none',
      () => ({ ...vapidEnvironment, VAPID_SUBJECT: 'operator' }),
      'VAPID_SUBJECT is "operator"; expected mailto:',
    ],
    [
      'a host that is a URL',
      () => ({ WEB_PUSH_HOSTS: 'https://push.example.com' }),
      'WEB_PUSH_HOSTS is',
    ],
    [
      'a file that is not there',
      () => ({ FCM_SERVICE_ACCOUNT_FILE: file('none.json') }),
      'FCM_SERVICE_ACCOUNT_FILE names a file that cannot be read (ENOENT)',
    ],
    [
      'a file that cannot be read',
      () => ({ ...apple, APNS_KEY_FILE: folder }),
      'APNS_KEY_FILE names a file that cannot be read (EISDIR)',
    ],
    [
      'a service account without a key',
      () => ({ FCM_SERVICE_ACCOUNT_FILE: file('keyless.json') }),
      'FCM_SERVICE_ACCOUNT_FILE is no key file',
    ],
    [
      'a key of a different curve',
      () => ({ ...apple, APNS_KEY_FILE: file('p384.p8') }),
      'APNS_KEY_FILE is no key of APNs',
    ],
    [
      'a key of a different kind',
      () => ({ ...apple, APNS_KEY_FILE: file('rsa.p8') }),
      'APNS_KEY_FILE is no key of APNs',
    ],
    ['APNs without its key', () => apple, 'Set APNS_KEY_FILE'],
    [
      'the same secret twice',
      () => ({ PUSH_SECRET: pushSecret, PUSH_SECRET_PREVIOUS: pushSecret }),
      'PUSH_SECRET and PUSH_SECRET_PREVIOUS are the same',
    ],
  ])('%s', (_what, environment, message) => {
    expect(() => read(environment())).toThrow(message);
    expect(publicKey).not.toBe(otherKey);
  });

  it.each([
    ['push without a secret of its own', () => vapidEnvironment, 'PUSH_SECRET is not set'],
    [
      'the secret of the tokens',
      () => ({ ...vapidEnvironment, PUSH_SECRET: production.JWT_SECRET }),
      'PUSH_SECRET is the same as JWT_SECRET',
    ],
    ...['127.0.0.1:8443', 'localhost', '*.local', 'redis', 'a.internal'].map(
      (host) =>
        [
          `${host} as a push service`,
          () => ({ ...vapidEnvironment, PUSH_SECRET: pushSecret, WEB_PUSH_HOSTS: host }),
          `WEB_PUSH_HOSTS has "${host}"`,
        ] as const,
    ),
    [
      'FCM over http',
      () => ({
        PUSH_SECRET: pushSecret,
        FCM_SERVICE_ACCOUNT_FILE: file('fcm.json'),
        FCM_URL: 'http://fcm.internal',
      }),
      'FCM_URL',
    ],
    [
      'a token service over http',
      () => ({ PUSH_SECRET: pushSecret, FCM_SERVICE_ACCOUNT_FILE: file('http.json') }),
      'token_uri',
    ],
    [
      'APNs over http',
      () => ({
        ...apple,
        PUSH_SECRET: pushSecret,
        APNS_KEY_FILE: file('p256.p8'),
        APNS_URL: 'http://apns.internal',
      }),
      'APNS_URL must be https',
    ],
  ] as const)('%s, in production', (_what, environment, message) => {
    expect(() => read({ ...production, ...environment() })).toThrow(message);
  });
});

it('an error about a key file does not quote it', () => {
  const environment = { ...apple, APNS_KEY_FILE: file('rsa.p8') };
  expect(() => read(environment)).toThrow(/^(?!.*BEGIN)/);
});
