import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Registration } from './users.ts';
import { validationDetails } from './validation.ts';

function detailsOf(schema: z.ZodType, value: unknown) {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : validationDetails(error, 'body');
}

test('each detail names the field and says what was expected', () => {
  const value = { email: 'nope', username: 'x', password: 'é'.repeat(7) };
  expect(detailsOf(Registration, value)).toEqual([
    { field: 'body.email', message: 'expected an e-mail address' },
    { field: 'body.username', message: 'expected at least 3 characters' },
    { field: 'body.password', message: 'expected 8 to 256 characters' },
    { field: 'body.display_name', message: 'is required: expected string' },
  ]);
});

test('a missing body is required, and a wrong type is named', () => {
  expect(detailsOf(Registration, undefined)).toEqual([
    { field: 'body', message: 'is required: expected object' },
  ]);
  expect(detailsOf(Registration, [])).toEqual([
    { field: 'body', message: 'expected object, received array' },
  ]);
});

test('choices are listed', () => {
  const schema = z.object({ a: z.enum(['x', 'y']), b: z.union([z.string(), z.null()]) });
  expect(detailsOf(schema, { a: 'z', b: 1 })).toEqual([
    { field: 'body.a', message: 'expected "x" or "y"' },
    { field: 'body.b', message: 'expected one of the documented shapes' },
  ]);
});

test.each([
  [z.string().max(3), 'four', 'expected at most 3 characters'],
  [z.array(z.string()).min(1), [], 'expected at least 1 items'],
  [z.int().min(1), 0, 'expected at least 1'],
  [z.number().positive(), 0, 'expected more than 0'],
  [z.number().lt(5), 5, 'expected less than 5'],
  [z.string().max(3, 'expected a short name'), 'four', 'expected a short name'],
])('a bound is named in words %#', (schema, value, message) => {
  expect(detailsOf(schema, value)).toEqual([{ field: 'body', message }]);
});

test('there are at most 20 details, of bounded length', () => {
  const details = detailsOf(
    z.array(z.int()),
    Array.from({ length: 100 }, () => 'x'),
  );
  expect(details).toHaveLength(20);
  expect(details[3]?.field).toBe('body[3]');
  const [keyed] = detailsOf(z.record(z.string(), z.int()), { ['k'.repeat(5000)]: 'x' });
  expect(keyed?.field.length).toBeLessThan(250);
});

test('what was received is never repeated', () => {
  const secret = 'S3CRET-value';
  const fields = ['email', 'username', 'password', 'display_name'];
  const wrap = fc.constantFrom(
    (value: string): unknown => value,
    (value: string): unknown => [value],
    (value: string): unknown => ({ value }),
    (value: string): unknown => `${value}\0`,
    (value: string): unknown => value.repeat(50),
  );
  fc.assert(
    fc.property(fc.constantFrom(...fields), wrap, (field, wrapped) => {
      const text = JSON.stringify(detailsOf(Registration, { [field]: wrapped(secret) }));
      expect(text).not.toContain(secret);
    }),
  );
  expect(JSON.stringify(detailsOf(z.strictObject({}), { [secret]: 1 }))).not.toContain(secret);
});
