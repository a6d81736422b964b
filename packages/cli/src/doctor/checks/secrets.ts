import type { Check } from '../check.ts';
import { fail, type Problem, verdict } from '../outcome.ts';
import type { Settings } from '../settings.ts';

/** As the services: the placeholders of the published examples. */
const placeholder = /change[-_ ]?me|replace[-_ ]?(me|this)/i;
/** Passwords with which servers are installed or which tutorials set. */
const wellKnown = new Set([
  ...['admin', 'changeit', 'guest', 'letmein', 'minio', 'minio123', 'minioadmin', 'password'],
  ...['postgres', 'redis', 'root', 'secret', 'secureconnect', 'test', 'toor', '123456', '12345678'],
]);
/** The services' minimum lengths in bytes (README, Configuration). */
const minBytes: Readonly<Record<string, number>> = {
  JWT_SECRET: 32,
  JWT_SECRET_PREVIOUS: 32,
  FACTOR_SECRET: 32,
  FACTOR_SECRET_PREVIOUS: 32,
  SIGNING_KEYS_SECRET: 32,
  SIGNING_KEYS_SECRET_PREVIOUS: 32,
  PUSH_SECRET: 32,
  PUSH_SECRET_PREVIOUS: 32,
  STORAGE_URL_SECRET: 32,
  TURN_SECRET: 32,
  SFU_API_SECRET: 32,
  SIGNALS_TOKEN: 16,
  METRICS_TOKEN: 16,
};
/** Random bytes in base64 or hexadecimal have more; a word that is repeated has fewer. */
const minDistinctCharacters = 8;
const random = 'a random value of its own';
const howTo = 'Create one by "openssl rand -base64 48".';

/** Every secret is random, long enough, and used for one purpose. */
export const secretsCheck: Check = {
  name: 'secrets',
  finds: 'secrets that are examples, well known, too short, or used twice',
  source: '../README.md#configuration',
  async run({ settings }) {
    const secrets = [...settings.secrets()];
    const problems = [
      ...secrets.flatMap(([name, value]) => problemsOf(name, value)),
      ...[...settings.urlPasswords()].flatMap(([name, value]) => wellKnownOf(name, value)),
      ...sharedOf(settings),
    ];
    return verdict(problems, `${secrets.length} secrets, each of its own`);
  },
};

function problemsOf(name: string, value: string): Problem[] {
  const isOfExample = placeholder.test(value) || (name in minBytes && /example/i.test(value));
  if (isOfExample) return [fail(`${name} is the value of an example`, random, howTo)];
  const known = wellKnownOf(name, value);
  if (known.length > 0) return known;
  const min = minBytes[name];
  if (min === undefined) return [];
  const bytes = Buffer.byteLength(value);
  if (bytes < min) return [fail(`${name} has ${bytes} bytes`, `at least ${min}`, howTo)];
  if (new Set(value).size >= minDistinctCharacters) return [];
  return [fail(`${name} repeats a few characters`, random, howTo)];
}

function wellKnownOf(name: string, value: string): Problem[] {
  const isKnown = wellKnown.has(value.toLowerCase()) || placeholder.test(value);
  const action = 'Change it at the server and here.';
  return isKnown ? [fail(`${name} has a well-known password`, random, action)] : [];
}

/** A person who is trusted with one of two equal secrets has the other one too. */
function sharedOf(settings: Settings): Problem[] {
  const byValue = new Map<string, string[]>();
  for (const [name, value] of settings.secrets()) {
    // Those of the examples are reported already.
    if (name in minBytes && !placeholder.test(value))
      byValue.set(value, [...(byValue.get(value) ?? []), name]);
  }
  return [...byValue.values()]
    .filter((names) => names.length > 1)
    .map((names) =>
      fail(`${names.join(' and ')} are the same`, 'a different value for each', howTo),
    );
}
