import { createPrivateKey } from 'node:crypto';
import { ConfigError, text } from '@secureconnect/service';
import { z } from 'zod';
import { readKeyFile } from '../key-file.ts';
import { serviceUrl } from '../service-url.ts';

export const fcmVariables = {
  FCM_SERVICE_ACCOUNT_FILE: text('the path of a JSON file').optional(),
  FCM_URL: serviceUrl('https://fcm.googleapis.com'),
};

/** The key file of a service account, as the Google Cloud console writes it. */
const ServiceAccount = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^[a-z0-9-]{4,40}$/),
  private_key_id: z.string().min(1),
  private_key: z.string().min(1),
  client_email: z.email(),
  token_uri: z.url({ protocol: /^https?$/ }),
});

/** How pushes are sent by the HTTP v1 API of Firebase Cloud Messaging. */
export interface FcmConfig {
  /** Where messages are sent to; Google's, or a proxy or a server of tests. */
  readonly url: string;
  readonly projectId: string;
  readonly clientEmail: string;
  readonly keyId: string;
  readonly privateKeyPem: string;
  /** Where access tokens come from. */
  readonly tokenUrl: string;
}

interface Given {
  readonly FCM_SERVICE_ACCOUNT_FILE: string | undefined;
  readonly FCM_URL: string;
}

/** Undefined if FCM is not set up. @throws ConfigError */
export function fcmConfig(given: Given, production: boolean): FcmConfig | undefined {
  const { FCM_SERVICE_ACCOUNT_FILE: path, FCM_URL: url } = given;
  if (path === undefined) return undefined;
  const account = readAccount(path);
  for (const address of production ? [url, account.token_uri] : []) {
    if (address.startsWith('https:')) continue;
    throw new ConfigError('FCM_URL and the token_uri of FCM_SERVICE_ACCOUNT_FILE must be https.');
  }
  return {
    url,
    projectId: account.project_id,
    clientEmail: account.client_email,
    keyId: account.private_key_id,
    privateKeyPem: account.private_key,
    tokenUrl: account.token_uri,
  };
}

function readAccount(path: string): z.infer<typeof ServiceAccount> {
  const content = readKeyFile('FCM_SERVICE_ACCOUNT_FILE', path);
  try {
    const account = ServiceAccount.parse(JSON.parse(content));
    if (createPrivateKey(account.private_key).asymmetricKeyType === 'rsa') return account;
  } catch {
    // The errors would quote the key.
  }
  throw new ConfigError(
    'FCM_SERVICE_ACCOUNT_FILE is no key file of a service account; expected the JSON file that ' +
      'the Google Cloud console writes for one.',
  );
}
