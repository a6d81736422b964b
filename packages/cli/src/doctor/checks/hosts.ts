import type { Check } from '../check.ts';
import { fail, type Problem, verdict } from '../outcome.ts';
import type { Settings } from '../settings.ts';

/** Names that nobody can own (RFC 2606, RFC 6761), so nothing of a deployment is there. */
const reserved = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test)\.?$/i;
/** Variables whose addresses clients, or the receivers of mails, are told. */
const told = [
  'S3_PUBLIC_ENDPOINT',
  'STORAGE_PUBLIC_URL',
  'TURN_URLS',
  'STUN_URLS',
  'SFU_URL',
  'ACCOUNT_URL',
  'OIDC_REDIRECT_URL',
  'CORS_ORIGINS',
  'PASSKEY_ORIGINS',
  'PASSKEY_RP_ID',
  'MAIL_FROM',
  'VAPID_SUBJECT',
];
/** Addresses of servers, which only the services use. */
const used = ['DATABASE_URL', 'REDIS_URL', 'S3_ENDPOINT', 'SMTP_URL', 'SFU_API_URL', 'SCAN_URL'];

/** No address is still that of an example, and none that clients are told is of this machine. */
export const hostsCheck: Check = {
  name: 'hosts',
  finds: 'addresses of the examples (example.com), and MAIL_FROM at localhost',
  source: 'https://www.rfc-editor.org/rfc/rfc2606',
  async run({ settings }) {
    const problems = [...told, ...used].flatMap((name) =>
      hostsIn(settings, name)
        .filter((host) => reserved.test(host))
        .map((host) => ofExample(name, host)),
    );
    return verdict([...problems, ...sender(settings)], 'no address of an example');
  },
};

/** The hosts in a variable: of URLs, of `turn:host:port`, of mail addresses, or the text itself. */
function hostsIn(settings: Settings, name: string): string[] {
  const entries = used.includes(name) ? [settings.get(name) ?? ''] : settings.list(name);
  return entries.filter((entry) => entry !== '').map(hostIn);
}

function hostIn(entry: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) {
    return URL.canParse(entry) ? new URL(entry).hostname : '';
  }
  if (entry.includes('@')) return entry.slice(entry.lastIndexOf('@') + 1).replace(/>$/, '');
  return /^(?:stuns?|turns?):(\[[^\]]{1,64}\]|[^:?]{1,255})/i.exec(entry)?.[1] ?? entry;
}

function ofExample(name: string, host: string): Problem {
  const action = 'Set each to an address of your own, or remove it.';
  return fail(`${name} names ${host}, a host of the examples`, 'a host that exists', action);
}

/** The default sender is no-reply@localhost, which receivers refuse. */
function sender(settings: Settings): Problem[] {
  if (settings.get('SMTP_URL') === undefined) return [];
  const [host] = hostsIn(settings, 'MAIL_FROM');
  if (host !== undefined && host !== 'localhost') return [];
  const found = host === undefined ? 'MAIL_FROM is not set' : 'MAIL_FROM is at localhost';
  const action = 'Set MAIL_FROM to an address of your domain.';
  return [fail(found, 'a sender that receivers accept', action)];
}
