import { z } from 'zod';
import { exampleHost } from './example-host.ts';

/** A configuration that cannot work; its message is meant for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Variables = Readonly<Record<string, z.ZodType>>;

/** The values of a set of variables. */
export type Parsed<V extends Variables> = { readonly [Name in keyof V]: z.output<V[Name]> };

/** Names whose value must not be repeated in a message; lifetimes and prefixes are not secret. */
const secretName =
  /(?:SECRET|PASSWORD|TOKEN|KEY|URL|OIDC_PROVIDERS)(?!.*_(?:MS|SECONDS|MINUTES|DAYS|PREFIX)$)/;

/** The placeholder for secrets in the published examples. */
const placeholder = /change[-_ ]?me|replace[-_ ]?(me|this)/i;

/**
 * Reads and checks every variable at once. Empty counts as not set. Throws a ConfigError that
 * names each wrong variable, what it was and what is allowed; in production also each that still
 * holds a secret or a host of the examples.
 */
export function readEnvironment<V extends Variables>(
  variables: V,
  environment: NodeJS.ProcessEnv,
): Parsed<V> {
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, schema] of Object.entries(variables)) {
    const given = environment[name] === '' ? undefined : environment[name];
    const parsed = schema.safeParse(given);
    const ofExamples = ofTheExamples(name, given, environment);
    if (!parsed.success) {
      wrong.push(complaint(name, given, parsed.error.issues[0]?.message ?? 'another value'));
    } else if (ofExamples !== undefined) wrong.push(ofExamples);
    else values[name] = parsed.data;
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return values as Parsed<V>;
}

/** What to say of a value that production takes from the examples; undefined if it is its own. */
function ofTheExamples(
  name: string,
  given: string | undefined,
  { NODE_ENV: mode }: NodeJS.ProcessEnv,
): string | undefined {
  if (mode !== 'production' || given === undefined) return undefined;
  if (secretName.test(name) && placeholder.test(given)) {
    return `${name} holds a secret of the example, which is refused; expected your own.`;
  }
  const host = exampleHost(name, given);
  return host === undefined
    ? undefined
    : `${name} names ${host}, a host of the examples, which is refused; expected a host of your own.`;
}

function complaint(name: string, given: string | undefined, expected: string): string {
  if (given === undefined) return `${name} is not set; expected ${expected}.`;
  const was = secretName.test(name) ? 'has a value that is not allowed' : `is "${given}"`;
  return `${name} ${was}; expected ${expected}.`;
}

/** Any text of at least one character; `expected` says which. */
export function text(expected: string) {
  return z.string({ error: expected }).min(1, { error: expected });
}

/** `true` or `false`. */
export function flag(defaultValue: boolean) {
  return z
    .enum(['true', 'false'], { error: 'true or false' })
    .default(defaultValue ? 'true' : 'false')
    .transform((value) => value === 'true');
}

/** `true`, `false`, or undefined if it is not set. */
export function optionalFlag() {
  return z
    .enum(['true', 'false'], { error: 'true or false' })
    .transform((value) => value === 'true')
    .optional();
}

/** A whole number within bounds, both allowed; undefined if it is not set. */
export function optionalInteger(range: { from: number; to: number }) {
  const expected = `a whole number from ${range.from} to ${range.to}`;
  return z
    .string({ error: expected })
    .regex(/^\d{1,15}$/, { error: expected })
    .transform(Number)
    .refine((value) => value >= range.from && value <= range.to, { error: expected })
    .optional();
}

/** A whole number within bounds, both allowed. */
export function integer(range: { from: number; to: number; default: number }) {
  return optionalInteger(range).default(range.default);
}

/** A TCP port; 0 lets the system choose one. */
export function port(otherwise: number) {
  return integer({ from: 0, to: 65_535, default: otherwise });
}

/** A secret of at least `minBytes` bytes that is not one of the published examples. */
export function secret(minBytes: number) {
  const expected = `at least ${minBytes} bytes of your own, such as from "openssl rand -base64 48"`;
  return z
    .string({ error: expected })
    .refine((value) => Buffer.byteLength(value) >= minBytes, { error: expected })
    .refine((value) => !placeholder.test(value) && !/example/i.test(value), {
      error: `${expected}; the example's value is refused`,
    });
}

/** A comma-separated list; empty entries are dropped. */
export function list(otherwise: string) {
  return z
    .string()
    .default(otherwise)
    .transform((value) =>
      value
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    );
}
