import type { z } from 'zod';
import type { ErrorDetail } from './envelope.ts';

export const DETAILS_MAX = 20;
const FIELD_MAX_LENGTH = 200;

/** The source of the checked value: the first word of each field's path. */
export type ValueSource = 'body' | 'query' | 'params' | 'headers' | 'frame';

type Issue = z.core.$ZodIssue;

/** `['participants', 0, 'email']` of a body becomes `body.participants[0].email`. */
function fieldOf(source: ValueSource, path: readonly PropertyKey[]): string {
  const field = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    source,
  );
  return field.length <= FIELD_MAX_LENGTH ? field : `${field.slice(0, FIELD_MAX_LENGTH)}...`;
}

const typeName = (expected: string): string => (expected === 'int' ? 'whole number' : expected);

/** `expected "audio" or "video"`. */
function oneOf(values: readonly unknown[]): string {
  return `expected ${values.map((value) => JSON.stringify(value)).join(' or ')}`;
}

/** `Too small: expected string to have >=3 characters`, up to the number. */
const boundMessage = /^Too (?:small|big): expected \w+ to (?:have|be) (>=|<=|>|<)/;

const boundWords: Readonly<Record<string, string>> = {
  '>=': 'expected at least ',
  '<=': 'expected at most ',
  '>': 'expected more than ',
  '<': 'expected less than ',
};

/**
 * zod's messages name types and bounds, never values, except unrecognised keys, which are the
 * client's text.
 */
function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? `is required: expected ${typeName(issue.expected)}`
        : issue.message
            .replace(/^Invalid input: /, '')
            .replace('expected int,', `expected ${typeName('int')},`);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return 'options' in issue && issue.options !== undefined
        ? oneOf(issue.options)
        : 'expected one of the documented shapes';
    case 'unrecognized_keys':
      return 'expected no other fields';
    case 'too_small':
    case 'too_big':
      return issue.message.replace(
        boundMessage,
        (_all, bound: string) => boundWords[bound] ?? bound,
      );
    default:
      return issue.message;
  }
}

/**
 * What is wrong with a request, field by field, for the envelope's `details`. Each entry names the
 * field and what was expected, never what was received. At most 20 entries.
 */
export function validationDetails(
  error: { readonly issues: readonly Issue[] },
  source: ValueSource = 'body',
): ErrorDetail[] {
  return error.issues.slice(0, DETAILS_MAX).map((issue) => ({
    field: fieldOf(source, issue.path),
    message: messageOf(issue),
  }));
}
