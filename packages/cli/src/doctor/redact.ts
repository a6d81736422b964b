import type { Outcome } from './outcome.ts';
import type { Settings } from './settings.ts';

/** Shorter secrets would blank parts of ordinary words; the check of secrets reports them. */
const minSecretLength = 6;
const maxLength = 600;

/**
 * Makes texts fit to print: without the secrets of a deployment and the passwords in its URLs, and
 * without the control characters that a server's reply may contain; at most 600 characters.
 */
export function redactor(settings: Settings): (text: string) => string {
  const secrets = [...settings.secrets().values(), ...settings.urlPasswords().values()]
    .filter((secret) => secret.length >= minSecretLength)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    // A longer one first: it may contain a shorter one.
    .sort((one, other) => other.length - one.length);
  return (text) => {
    const withoutSecrets = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
    const plain = withoutSecrets.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
    return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength - 1)}…`;
  };
}

/** An outcome whose texts are fit to print. */
export function redacted(outcome: Outcome, redact: (text: string) => string): Outcome {
  if (outcome.status === 'ok') return { ...outcome, found: redact(outcome.found) };
  if (outcome.status === 'skipped') return { ...outcome, why: redact(outcome.why) };
  const { status, found, expected, action } = outcome;
  return { status, found: redact(found), expected: redact(expected), action: redact(action) };
}
