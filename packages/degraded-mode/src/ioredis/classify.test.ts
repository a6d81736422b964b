import { ReplyError } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { CannotServe } from '../redis/cannot-serve.ts';
import { classify, connectionFailure } from './classify.ts';
import { UnexpectedReply } from './command-errors.ts';

/** As redis-parser makes them, and ioredis completes them. */
const reply = (message: string, name = 'evalsha'): Error =>
  Object.assign(new ReplyError(message), { command: { name, args: ['a-secret'] } });

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
  code: 'ECONNREFUSED',
});

describe('an error that is not one of Redis', () => {
  it.each([
    refused,
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    // What a database says, in the words of Redis, or under its name.
    Object.assign(new Error('READONLY cannot execute in a read-only transaction'), {
      code: '25006',
    }),
    Object.assign(new Error('NOAUTH no'), { name: 'ReplyError' }),
    new Error('Command timed out'),
    new Error('Connection is closed.'),
    new TypeError('cannot read properties of undefined'),
    'READONLY',
    undefined,
  ])('%o', (error) => {
    expect(classify(error)).toBeUndefined();
  });
});

describe('an error reply', () => {
  const hash = 'f_67b69e52d1c05e350c9af60574f207b4a4f6b956';
  const wrapped = (what: string) =>
    `ERR Error running script (call to ${hash}): @user_script:1: ${what}`;

  it.each([
    ['READONLY You can’t write against a read only replica.', 'READONLY evalsha'],
    ['XYZZY', 'XYZZY evalsha'],
    ['ERR whatever it may be', 'ERR evalsha'],
    ['no code at all', 'ERR evalsha'],
    ['', 'ERR evalsha'],
    ['ERR max number of clients reached', 'maxclients'],
    ['EXECABORT Transaction discarded because of previous errors.', 'EXECABORT evalsha'],
    ['NOPERM No permissions to access a key', 'NOPERM evalsha'],
    // Redis 7.0, and Valkey 9, of a denial in a script.
    [
      'ERR The user executing the script can’t run this command or subcommand script: 44, on @user_script:1.',
      'NOPERM evalsha',
    ],
    [
      'ERR ACL failure in script: User low has no permissions to run the ‘hset’ command script: on @user_script:1.',
      'NOPERM evalsha',
    ],
    // Redis 6.2 and KeyDB.
    [
      wrapped('@user_script: 1: -OOM command not allowed when used memory > ‘maxmemory’.'),
      'OOM evalsha',
    ],
    [
      wrapped('@user_script: 1: -READONLY You can’t write against a read only replica.'),
      'READONLY evalsha',
    ],
    [wrapped('-XYZZY a code that nobody has seen'), 'XYZZY evalsha'],
    [
      wrapped('@user_script: 1: The user executing the script can’t run this command'),
      'NOPERM evalsha',
    ],
    [wrapped('@user_script: 1: Unknown Redis command called from Lua script'), 'ERR evalsha'],
  ])('%s is a fault of Redis', (message, reason) => {
    expect(classify(reply(message))).toEqual({ severity: 'hard', reason });
  });

  it.each([
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'WRONGTYPE evalsha'],
    ['ERR user_script:1: OOM is what this script says of itself', 'ERR evalsha'],
    // Redis 6.2 and KeyDB.
    [wrapped('user_script:1: attempt to perform arithmetic on a table value'), 'ERR evalsha'],
    [wrapped('WRONGTYPE Operation against a key'), 'WRONGTYPE evalsha'],
    [wrapped('ERR value is not an integer or out of range'), 'ERR evalsha'],
    [
      wrapped('@user_script: 1: Wrong number of args calling Redis command From Lua script'),
      'ERR evalsha',
    ],
  ])('%s is a mistake of ours', (message, reason) => {
    expect(classify(reply(message))).toEqual({ severity: 'bug', reason });
  });

  it('to a transaction reports the errors of its commands, a fault of Redis before a mistake', () => {
    const discarded = (...causes: Error[]) =>
      classify(Object.assign(reply('EXECABORT no', 'exec'), { previousErrors: causes }));
    const mistake = reply('WRONGTYPE no', 'lpush');
    expect(discarded(mistake)).toEqual({ severity: 'bug', reason: 'WRONGTYPE lpush' });
    expect(discarded(mistake, reply('OOM no', 'set'))).toEqual({
      severity: 'hard',
      reason: 'OOM set',
    });
  });
});

describe('an error that the product raises itself', () => {
  it('is a fault of Redis where a probe says so', () => {
    const failure = { severity: 'hard', reason: 'READONLY role' };
    expect(classify(new CannotServe('READONLY role'))).toEqual(failure);
  });

  it('is a mistake if no script gives such a reply', () => {
    const failure = { severity: 'bug', reason: 'reply storms' };
    expect(classify(new UnexpectedReply('storms'))).toEqual(failure);
  });
});

describe('an error of a connection', () => {
  it.each([
    [refused, 'ECONNREFUSED'],
    [reply('NOAUTH Authentication required.', 'info'), 'NOAUTH info'],
    [new Error('Command timed out'), 'connection'],
    [Object.assign(new Error('no sentinel'), { code: 'sentinels: EPIPE' }), 'sentinels: EPIPE'],
    [new Error('self-signed certificate'), 'connection'],
    ['not an error', 'connection'],
  ])('%o always is, and hard', (error, reason) => {
    expect(connectionFailure(error)).toEqual({ severity: 'hard', reason });
  });

  it('that has only ended does not say why', () => {
    const failure = { severity: 'hard', reason: 'closed', isVague: true };
    expect(connectionFailure(new Error('Connection is closed.'))).toEqual(failure);
  });
});
