import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DisplayName,
  distinct,
  Email,
  NewPassword,
  Timestamp,
  text,
  Username,
  Uuid,
} from './primitives.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('ids', () => {
  test('of every version are accepted, and normalised to lower case', () => {
    for (const version of '12345678') {
      const id = `0F0E0D0C-0B0A-${version}908-8706-050403020100`;
      expect(Uuid.parse(id)).toBe(id.toLowerCase());
    }
  });

  test('that are not UUIDs are refused', () => {
    for (const id of ['', '1', 'x'.repeat(36), '0f0e0d0c0b0a490887060504030201000', 7, null]) {
      expect(accepts(Uuid, id)).toBe(false);
    }
  });
});

describe('an e-mail address', () => {
  test('is trimmed and put in lower case', () => {
    expect(Email.parse('  Ada.L+x@Example.ORG ')).toBe('ada.l+x@example.org');
  });

  test('has at most 254 characters', () => {
    const longest = `a@${`${'b'.repeat(61)}.`.repeat(4)}${'c'.repeat(4)}`;
    expect(longest).toHaveLength(254);
    expect(accepts(Email, longest)).toBe(true);
    expect(accepts(Email, `${longest}d`)).toBe(false);
  });

  test('with letters that lower-casing would turn into ASCII is refused', () => {
    expect(accepts(Email, '\u212Aelvin@example.org')).toBe(false);
  });

  test.each(['', 'a', 'a@b', '@b.c', 'a b@c.de', 'a@b..c', 'a@-b.c', 'a@b.c\0', 'a@b.c\nx'])(
    'is not %j',
    (value) => expect(accepts(Email, value)).toBe(false),
  );

  test('that is accepted reads the same when it is read again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (value) => {
        const first = Email.safeParse(value);
        if (first.success) expect(Email.parse(first.data)).toBe(first.data);
      }),
    );
  });
});

test('a user name is kept as it was given', () => {
  expect(Username.parse('Ada_L.-1')).toBe('Ada_L.-1');
  for (const value of ['ab', 'x'.repeat(31), 'a b c', 'añb', 'abc\n']) {
    expect(accepts(Username, value)).toBe(false);
  }
});

test('a display name is trimmed before it is measured', () => {
  expect(DisplayName.parse(`  ${'é'.repeat(100)} `)).toHaveLength(100);
  expect(accepts(DisplayName, '   ')).toBe(false);
  expect(accepts(DisplayName, 'x'.repeat(101))).toBe(false);
});

describe('a new password', () => {
  test('is accepted exactly when it has 8 to 256 code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (value) => {
        const { length } = [...value];
        expect(accepts(NewPassword, value)).toBe(length >= 8 && length <= 256);
      }),
    );
  });

  test('may have any characters, in any mixture', () => {
    for (const value of ['aaaabbbb', '        ', '\u{1F600}'.repeat(256), 'пароль для входа']) {
      expect(accepts(NewPassword, value)).toBe(true);
    }
  });

  test('of more than 256 characters is refused with a message that says so', () => {
    const result = NewPassword.safeParse('é'.repeat(257));
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      'expected 8 to 256 characters',
    ]);
  });
});

test('text that PostgreSQL cannot hold is refused with a readable message', () => {
  const messages = (value: string) =>
    text(1, 10)
      .safeParse(value)
      .error?.issues.map(({ message }) => message);
  expect(messages('a\0b')).toEqual(['must not contain NUL characters']);
  expect(messages('a\ud800b')).toEqual(['must be well-formed Unicode']);
  expect(messages('a\u{1F600}b')).toBeUndefined();
});

test('times are RFC 3339', () => {
  expect(accepts(Timestamp, new Date(0).toISOString())).toBe(true);
  expect(accepts(Timestamp, '2026-01-31T12:00:00+02:00')).toBe(true);
  for (const value of ['2026-01-31', '2026-02-30T00:00:00Z', '12:00', 0]) {
    expect(accepts(Timestamp, value)).toBe(false);
  }
});

test('a list of different values drops repeated ones and keeps the order', () => {
  const id = (digit: string) => `${digit.repeat(8)}-1111-4111-8111-111111111111`;
  expect(distinct(Uuid, 4).parse([id('b'), id('A'), id('a'), id('B')])).toEqual([id('b'), id('a')]);
  expect(accepts(distinct(Uuid, 2), [id('a'), id('b'), id('c')])).toBe(false);
  expect(accepts(distinct(Uuid, 2), [])).toBe(false);
});
