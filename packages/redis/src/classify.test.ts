import { describe, expect, it } from 'vitest';
import { classify, connectionFailure } from './classify.ts';

/** As redis-parser makes them. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
  code: 'ECONNREFUSED',
});

describe('a rejected command', () => {
  it.each([
    reply('WRONGTYPE Operation against a key holding the wrong kind of value'),
    reply('ERR user_script:1: OOM is what this script says of itself'),
    reply('BUSYGROUP Consumer Group name already exists'),
    reply('EXECABORT Transaction discarded because of previous errors.'),
    refused,
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    new TypeError('cannot read properties of undefined'),
    'READONLY',
    undefined,
  ])('for %o is not Redis’s fault', (error) => {
    expect(classify(error)).toBeUndefined();
  });
});

describe('an error of a connection', () => {
  it.each([
    [refused, 'ECONNREFUSED'],
    [reply('NOAUTH Authentication required.'), 'NOAUTH'],
    [new Error('Command timed out'), 'timed out'],
    [new Error('All sentinels are unreachable. Retrying from scratch after 50ms.'), 'sentinels'],
    [new Error('self-signed certificate'), 'connection'],
    ['not an error', 'connection'],
  ])('%o always is, and hard', (error, reason) => {
    expect(connectionFailure(error)).toEqual({ severity: 'hard', reason });
  });
});
