import { connect } from 'node:net';
import { freePort } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { causeOf, errorFields, noteRemedy } from './cause.ts';

it('names a cause in one short line, without a password', async () => {
  expect(causeOf('no')).toEqual({ message: 'no' });
  expect(causeOf(new Error('one\ntwo'))).toEqual({ message: 'one' });
  expect(causeOf(new Error('x'.repeat(5000))).message).toHaveLength(300);
  const url = new Error('cannot use postgresql://ada:own@127.0.0.1:5432/x');
  expect(causeOf(url).message).toBe('cannot use postgresql://[redacted]@127.0.0.1:5432/x');
  const reply = await fetch('http://nowhere.invalid').catch((reason: unknown) => reason);
  expect(causeOf(reply).code).toMatch(/ENOTFOUND|EAI_AGAIN/);
  expect(causeOf(reply).message).toMatch(/^fetch failed: getaddrinfo/);
  // As Node says it of a name with two addresses.
  const port = await freePort();
  const error = await new Promise<unknown>((resolve) => {
    connect({ port, host: 'localhost', autoSelectFamily: true }).once('error', resolve);
  });
  expect(causeOf(error)).toMatchObject({ code: 'ECONNREFUSED' });
  expect(causeOf(error).message).toContain(`:${port}`);
});

it('tells what an operator can do, also of an error that has the explained one as its cause', () => {
  const refused = new Error('password authentication failed');
  const wrapped = new Error('not refreshed', { cause: refused });
  expect(errorFields(wrapped)).toEqual({ err: wrapped });
  noteRemedy(refused, 'PostgreSQL at db:5432: the password was refused.\nCorrect it.');
  const remedy = 'PostgreSQL at db:5432: the password was refused. Correct it.';
  expect(causeOf(refused)).toEqual({ message: 'password authentication failed', remedy });
  expect(errorFields(wrapped)).toEqual({
    cause: { message: 'not refreshed: password authentication failed', remedy },
  });
  noteRemedy(refused, 'x'.repeat(5000));
  expect(causeOf(refused).remedy).toHaveLength(600);
});

it('leaves errors alone that nobody can explain', () => {
  const error = new Error('no');
  noteRemedy(error, undefined);
  noteRemedy('text', 'Correct it.');
  expect(causeOf(error)).toEqual({ message: 'no' });
  expect(errorFields('text')).toEqual({ err: 'text' });
});
