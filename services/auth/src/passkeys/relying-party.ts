import { ConfigError, list, text } from '@secureconnect/service';

/** Who asks browsers for passkeys (WebAuthn 3, 5.1.2). Passkeys are bound to `id` for good. */
export interface RelyingParty {
  /** A domain: `example.com` covers `app.example.com`. */
  readonly id: string;
  /** The origins of the pages that may ask. */
  readonly origins: readonly string[];
}

export const rpIdVariable = text('a domain, such as example.com').optional();
export const originsVariable = list('');

const developmentOrigins = ['http://localhost:8080'];

/**
 * The relying party; undefined in production if none is set, since passkeys of `localhost` would be
 * worth nothing there. Throws a ConfigError.
 */
export function relyingParty(
  id: string | undefined,
  origins: readonly string[],
  production: boolean,
): RelyingParty | undefined {
  if (id === undefined) {
    if (origins.length > 0) throw new ConfigError('PASSKEY_ORIGINS needs PASSKEY_RP_ID.');
    return production ? undefined : { id: 'localhost', origins: developmentOrigins };
  }
  if (!isDomain(id) && (production || id !== 'localhost')) {
    throw new ConfigError(
      `PASSKEY_RP_ID is "${id}"; expected a domain in lower case, such as example.com.`,
    );
  }
  const party = { id, origins: origins.length > 0 ? origins : defaultOrigins(id) };
  const wrong = party.origins.find((origin) => !isOriginOf(id, origin));
  if (wrong === undefined) return party;
  throw new ConfigError(
    `PASSKEY_ORIGINS has "${wrong}"; expected origins of ${id}, such as https://${id}.`,
  );
}

/** A name with a dot, as RFC 1123 writes it, and no address. */
function isDomain(id: string): boolean {
  const labels = id.split('.');
  const isLabel = (label: string): boolean =>
    /^[a-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
  return (
    id.length <= 253 &&
    labels.length > 1 &&
    labels.every(isLabel) &&
    /^[a-z]/.test(labels.at(-1) ?? '')
  );
}

function defaultOrigins(id: string): readonly string[] {
  return id === 'localhost' ? developmentOrigins : [`https://${id}`];
}

/** Browsers take http for localhost alone. */
function isOriginOf(id: string, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.origin !== origin) return false;
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && id === 'localhost');
  return isSecure && (url.hostname === id || url.hostname.endsWith(`.${id}`));
}
