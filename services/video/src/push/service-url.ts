import { text } from '@secureconnect/service';

const expected = 'an https:// URL without a path';

/** The address of a push service, without a slash at its end. */
export function serviceUrl(otherwise: string) {
  return text(expected)
    .refine((value) => /^https?:\/\/[^/?#@]+\/?$/.test(value) && URL.canParse(value), {
      error: expected,
    })
    .transform((value) => value.replace(/\/$/, ''))
    .default(otherwise);
}
