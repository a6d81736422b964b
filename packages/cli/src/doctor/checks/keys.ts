import type { Check } from '../check.ts';
import { fail, ok, type Problem, skipped, verdict, warn } from '../outcome.ts';
import { answeringDatabase } from '../postgres/of-postgres.ts';
import type { SigningKey } from '../postgres/survey.ts';
import type { Settings } from '../settings.ts';

const secondsOfADay = 86_400;
/** NIST SP 800-57 Part 1 Rev. 5, 5.3.6: a private key signs for one to three years. */
const maxKeyDays = 365;
/** After a rotation, tokens of JWT_SECRET end within an hour (docs/operations.md). */
const maxHs256Seconds = 3600;

/** The keys of tokens are rotated, and secrets of a rotation do not stay behind. */
export const keysCheck: Check = {
  name: 'keys',
  finds:
    'signing keys that are a year old, or without their secret, and what a rotation left behind',
  source: 'operations.md#keys-of-tokens',
  async run(deployment) {
    const { settings } = deployment;
    const leftBehind = overdueSecrets(settings);
    const { signingKeys } = await answeringDatabase(deployment);
    if (typeof signingKeys === 'string') {
      if (leftBehind.length > 0) return verdict(leftBehind, '');
      return skipped(`the keys cannot be read: ${signingKeys}`);
    }
    const current = signingKeys.find(({ signsSinceSeconds }) => signsSinceSeconds >= 0);
    if (signingKeys.length === 0) {
      if (leftBehind.length > 0) return verdict(leftBehind, '');
      return ok('tokens are signed by JWT_SECRET, whose age is not recorded');
    }
    const problems = [...leftBehind, ...sealed(settings)];
    if (current !== undefined) problems.push(...ageOf(current), ...hs256Of(current, settings));
    return verdict(problems, fine(current));
  },
};

function fine(current: SigningKey | undefined): string {
  if (current === undefined) return 'the first key is published and does not sign yet';
  const days = Math.floor(current.signsSinceSeconds / secondsOfADay);
  return `the current key signs for ${days} days`;
}

function ageOf({ signsSinceSeconds }: SigningKey): Problem[] {
  const days = Math.floor(signsSinceSeconds / secondsOfADay);
  if (days < maxKeyDays) return [];
  return [
    warn(
      `the key of tokens signs for ${days} days`,
      `less than ${maxKeyDays}`,
      'Run npm run keys:rotate; no request fails.',
    ),
  ];
}

function sealed(settings: Settings): Problem[] {
  if (settings.get('SIGNING_KEYS_SECRET') !== undefined) return [];
  return [
    fail(
      'there are signing keys, and SIGNING_KEYS_SECRET is not set',
      'the secret that encrypts them: without it auth signs no tokens',
      'Set SIGNING_KEYS_SECRET for auth, and run the doctor with the variables of auth.',
    ),
  ];
}

function hs256Of({ signsSinceSeconds }: SigningKey, settings: Settings): Problem[] {
  if (signsSinceSeconds < maxHs256Seconds || !settings.flag('ACCEPT_HS256_TOKENS', true)) return [];
  return [
    warn(
      'keys sign the tokens, and those of JWT_SECRET are still accepted',
      'ACCEPT_HS256_TOKENS=false an hour after the first rotation',
      'Set it for all services: then only auth can sign.',
    ),
  ];
}

function overdueSecrets(settings: Settings): Problem[] {
  const until = Date.parse(settings.get('JWT_SECRET_PREVIOUS_UNTIL') ?? '');
  if (Number.isNaN(until) || until > Date.now()) return [];
  return [
    warn(
      `JWT_SECRET_PREVIOUS has ended at ${new Date(until).toISOString()}`,
      'no secret of a rotation that is over',
      'Remove JWT_SECRET_PREVIOUS and JWT_SECRET_PREVIOUS_UNTIL.',
    ),
  ];
}
