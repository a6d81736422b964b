import { createECDH } from 'node:crypto';
import { isIP } from 'node:net';
import { ConfigError, list, text } from '@secureconnect/service';

/** The push services of Chromium, Firefox, Safari and Edge. */
const defaultHosts =
  'fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com';
const hostPattern = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/;
const subjectPattern = /^(?:mailto:[^\s@<>]+@[^\s@<>]+|https:\/\/[^\s/][^\s]*)$/;

const key = (bytes: number) => {
  const expected = 'a key from "npm run push:vapid"';
  return text(expected)
    .regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`), { error: expected })
    .optional();
};

export const webPushVariables = {
  VAPID_PUBLIC_KEY: key(65),
  VAPID_PRIVATE_KEY: key(32),
  VAPID_SUBJECT: text('mailto:you@example.org or an https:// URL')
    .regex(subjectPattern, { error: 'mailto:you@example.org or an https:// URL' })
    .optional(),
  WEB_PUSH_HOSTS: list(defaultHosts).refine(
    (hosts) => hosts.length > 0 && hosts.every((host) => hostPattern.test(host)),
    { error: 'hosts in lower case such as push.example.org or *.push.example.org' },
  ),
};

/** How Web Push is sent (RFC 8030, RFC 8292). */
export interface WebPushConfig {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Whom push services contact about these pushes. */
  readonly subject: string;
  /** The hosts that endpoints of subscriptions may have; `*.` stands for any subdomains. */
  readonly hosts: readonly string[];
}

interface Given {
  readonly VAPID_PUBLIC_KEY: string | undefined;
  readonly VAPID_PRIVATE_KEY: string | undefined;
  readonly VAPID_SUBJECT: string | undefined;
  readonly WEB_PUSH_HOSTS: readonly string[];
}

/** Undefined if Web Push is not set up. @throws ConfigError */
export function webPushConfig(given: Given, production: boolean): WebPushConfig | undefined {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = given;
  const { VAPID_SUBJECT: subject, WEB_PUSH_HOSTS: hosts } = given;
  if (publicKey === undefined && privateKey === undefined && subject === undefined) {
    return undefined;
  }
  if (publicKey === undefined || privateKey === undefined || subject === undefined) {
    throw new ConfigError(
      'Set VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY and VAPID_SUBJECT, or none of them; ' +
        '"npm run push:vapid" makes the keys.',
    );
  }
  if (publicKeyOf(privateKey) !== publicKey) {
    throw new ConfigError(
      'VAPID_PUBLIC_KEY is not the public key of VAPID_PRIVATE_KEY; expected two keys of one run ' +
        'of "npm run push:vapid".',
    );
  }
  const own = production ? hosts.find(isOwnNetwork) : undefined;
  if (own !== undefined) {
    throw new ConfigError(
      `WEB_PUSH_HOSTS has "${own}", and clients could have requests sent into your network; ` +
        'expected names of public push services.',
    );
  }
  return { publicKey, privateKey, subject, hosts };
}

function publicKeyOf(privateKey: string): string | undefined {
  const pair = createECDH('prime256v1');
  try {
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    return undefined; // no number of this curve
  }
  return pair.getPublicKey('base64url');
}

/** Addresses and names without a dot; a name of the own network with one cannot be told. */
function isOwnNetwork(host: string): boolean {
  const [name = ''] = host.replace(/^\*\./, '').split(':');
  return isIP(name) !== 0 || !name.includes('.') || /\.(?:localhost|local|internal)$/.test(name);
}
