import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ContentType, FileName, FileParams, NewUpload } from './files.ts';
import { validationDetails } from './validation.ts';

test('a file name is never a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const forbidden =
        name === '' ||
        name === '.' ||
        name === '..' ||
        name.length > 255 ||
        !name.isWellFormed() ||
        /[/\\\p{Cc}]/u.test(name);
      expect(FileName.safeParse(name).success).toBe(!forbidden);
    }),
  );
});

test.each(['image/png', 'text/plain; charset=utf-8', 'application/vnd.x+json', 'a/b;c="d e"'])(
  '%s is a media type',
  (value) => expect(ContentType.parse(value)).toBe(value),
);

test.each(['', 'image', 'image/', '/png', 'a/b\r\nx: y', 'a/b;', 'a/b;c', `a/${'b'.repeat(126)}`])(
  '%j is not a media type',
  (value) => expect(ContentType.safeParse(value).success).toBe(false),
);

test('a missing id is required, a wrong one is not a UUID', () => {
  const message = (value: unknown) => {
    const { error } = FileParams.safeParse(value);
    return error === undefined ? [] : validationDetails(error, 'params');
  };
  expect(message({})).toEqual([
    { field: 'params.file_id', message: 'is required: expected string' },
  ]);
  expect(message({ file_id: 'x' })).toEqual([
    { field: 'params.file_id', message: 'expected a UUID' },
  ]);
});

test('a file has 0 bytes to 50 MiB', () => {
  const upload = (file_size: unknown) =>
    NewUpload.safeParse({ file_name: 'a', file_size, content_type: 'a/b' }).success;
  expect([0, 52_428_800].map(upload)).toEqual([true, true]);
  expect([-1, 52_428_801, 1.5, '5', Number.NaN].some(upload)).toBe(false);
});
