import { z } from 'zod';

/** The error for a string of the wrong format; zod reports a missing value or a different type. */
export const whereFormatIsWrong =
  (message: string) =>
  ({ code }: { readonly code: string }): string | undefined =>
    code === 'invalid_format' ? message : undefined;

/**
 * An RFC 9562 UUID of any version (messages have time UUIDs). Normalised to lower case, because ids
 * are also used as keys and compared as strings.
 */
export const Uuid = z
  .uuid({ error: whereFormatIsWrong('expected a UUID') })
  .toLowerCase()
  .meta({ examples: ['3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab'] });

/** A UUID of version 1 (RFC 9562, 5.1), which carries its time: ids of messages and events. */
export const TimeUuid = z
  .uuid({ version: 'v1', error: whereFormatIsWrong('expected the id of a message or an event') })
  .toLowerCase()
  .meta({ examples: ['c1d5a3f0-fe8c-11f0-9a2b-7d1e4b6c8a90'] });

/** An RFC 3339 date and time with `Z` or an offset, for example `2026-01-31T12:00:00.000Z`. */
export const Timestamp = z.iso
  .datetime({ offset: true, error: whereFormatIsWrong('expected an RFC 3339 time') })
  .meta({ examples: ['2026-01-31T12:00:00.000Z'] });

/** Why a string cannot be stored, or `undefined`. */
export function storageFault(value: string): string | undefined {
  if (value.includes('\0')) return 'must not contain NUL characters';
  // A lone surrogate has no UTF-8 form: `text` would change it silently, and jsonb would refuse it.
  return value.isWellFormed() ? undefined : 'must be well-formed Unicode';
}

/** Refuses strings that PostgreSQL's `text` and `jsonb` cannot store. */
export const storable = z.superRefine<string>((value, context) => {
  const fault = storageFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** A storable string of `minimum` to `maximum` code points, kept unchanged. */
export function text(minimum: number, maximum: number) {
  return z.string().min(minimum).max(maximum).check(storable);
}

/** Like `text`, but trimmed before it is measured. */
export function trimmedText(minimum: number, maximum: number) {
  return z.string().trim().min(minimum).max(maximum).check(storable);
}

/**
 * The pattern of `<input type=email>` in the HTML standard, with at least one dot in the domain.
 * ASCII only, so that lower-casing cannot turn an address into a different one.
 */
const emailPattern =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

/** An e-mail address of at most 254 characters (RFC 5321), trimmed and in lower case. */
export const Email = z
  .string()
  .trim()
  .max(254, { abort: true })
  .regex(emailPattern, 'expected an e-mail address')
  .toLowerCase()
  .meta({ format: 'email', examples: ['ada@example.com'] });

/** 3 to 30 of `A-Z a-z 0-9 _ . -`, kept unchanged; stores compare it case-insensitively. */
export const Username = z
  .string()
  .min(3)
  .max(30)
  .regex(/^[A-Za-z0-9_.-]*$/, 'expected only letters, digits, "_", "." and "-"')
  .meta({ examples: ['ada.lovelace'] });

export const DisplayName = trimmedText(1, 100).meta({ examples: ['Ada Lovelace'] });

/** The name of a device in the list of sessions; default: derived from the `User-Agent`. */
export const DeviceName = trimmedText(1, 100).meta({
  description: 'Shown in the list of sessions. Default: derived from the User-Agent.',
  examples: ['Ada’s laptop'],
});

/** Lengths of a new password in code points, as NIST SP 800-63B-4 (3.1.1.2) counts them. */
export const PASSWORD_MIN_LENGTH = 8;
export const PASSWORD_MAX_LENGTH = 256;

/** A new password of any characters: 8 to 256 code points. Auth also refuses guessable ones. */
export const NewPassword = z
  .string()
  .check(storable)
  .refine((value) => {
    // Of 256 code points each has at most two code units; longer texts are not counted.
    if (value.length > 2 * PASSWORD_MAX_LENGTH) return false;
    const { length } = [...value];
    return length >= PASSWORD_MIN_LENGTH && length <= PASSWORD_MAX_LENGTH;
  }, `expected ${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters`)
  .meta({
    description: `${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters of any kind. Common, breached and personal passwords are refused.`,
    format: 'password',
    examples: ['correct horse battery staple'],
    minLength: PASSWORD_MIN_LENGTH,
    maxLength: PASSWORD_MAX_LENGTH,
  });

/** A list of 1 to `maximum` distinct values; duplicates are dropped, the order is kept. */
export function distinct<Item extends z.ZodType<string>>(item: Item, maximum: number) {
  return z
    .array(item)
    .min(1)
    .max(maximum)
    .overwrite((values) => [...new Set(values)]);
}

/** Requires exactly one of two optional fields; the error has the path of the first. */
export function exactlyOne<First extends string, Second extends string>(
  first: First,
  second: Second,
) {
  return z.superRefine<Partial<Record<First | Second, unknown>>>((value, context) => {
    if ((value[first] === undefined) !== (value[second] === undefined)) return;
    const message = `expected exactly one of ${first} and ${second}`;
    context.addIssue({ code: 'custom', path: [first], message });
  });
}
