import { createPrivateKey } from 'node:crypto';
import { ConfigError, text } from '@secureconnect/service';
import { readKeyFile } from '../key-file.ts';
import { serviceUrl } from '../service-url.ts';

const appleId = text('ten capital letters and digits')
  .regex(/^[A-Z0-9]{10}$/, { error: 'ten capital letters and digits' })
  .optional();

export const apnsVariables = {
  APNS_KEY_FILE: text('the path of a .p8 file').optional(),
  APNS_KEY_ID: appleId,
  APNS_TEAM_ID: appleId,
  APNS_TOPIC: text('the bundle id of the app')
    .regex(/^[\w.-]{1,200}$/, { error: 'the bundle id of the app' })
    .optional(),
  APNS_URL: serviceUrl('https://api.push.apple.com'),
};

/** How pushes are sent by Apple's service, with tokens that a key signs. */
export interface ApnsConfig {
  /** Apple's server, or its sandbox for builds of development. */
  readonly url: string;
  readonly keyId: string;
  readonly teamId: string;
  readonly privateKeyPem: string;
  /** The bundle id of the app. */
  readonly topic: string;
}

interface Given {
  readonly APNS_KEY_FILE: string | undefined;
  readonly APNS_KEY_ID: string | undefined;
  readonly APNS_TEAM_ID: string | undefined;
  readonly APNS_TOPIC: string | undefined;
  readonly APNS_URL: string;
}

/** Undefined if APNs is not set up. @throws ConfigError */
export function apnsConfig(given: Given, production: boolean): ApnsConfig | undefined {
  const { APNS_KEY_FILE: path, APNS_KEY_ID: keyId, APNS_TEAM_ID: teamId } = given;
  const { APNS_TOPIC: topic, APNS_URL: url } = given;
  if ([path, keyId, teamId, topic].every((value) => value === undefined)) return undefined;
  if (path === undefined || keyId === undefined || teamId === undefined || topic === undefined) {
    throw new ConfigError(
      'Set APNS_KEY_FILE, APNS_KEY_ID, APNS_TEAM_ID and APNS_TOPIC, or none of them.',
    );
  }
  if (production && !url.startsWith('https:')) throw new ConfigError('APNS_URL must be https.');
  return { url, keyId, teamId, topic, privateKeyPem: readKey(path) };
}

function readKey(path: string): string {
  const pem = readKeyFile('APNS_KEY_FILE', path);
  try {
    const { asymmetricKeyDetails } = createPrivateKey(pem);
    if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return pem;
  } catch {
    // The error could quote the key.
  }
  throw new ConfigError(
    'APNS_KEY_FILE is no key of APNs; expected the .p8 file that Apple gives for one.',
  );
}
