import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import type { SentinelAnswer, SentinelReport } from '../redis/ask-sentinel.ts';
import { sentinelsCheck } from './sentinels.ts';

const master = { host: '10.0.0.1', port: 6379 };
const answer: SentinelAnswer = {
  ...{ master, quorum: 2, sentinels: 3, flags: ['master'], replicas: [] },
};

/** Judges what sentinels answered; a text: the reason of one that did not. */
function look(...answers: readonly (Partial<SentinelAnswer> | string)[]) {
  const sentinels = answers.map(
    (given, index): SentinelReport => ({
      name: `10.0.0.${index + 1}:26379`,
      answer: typeof given === 'string' ? given : { ...answer, ...given },
      admitsAdministrators: false,
    }),
  );
  const none = { masters: [], replicas: [], silent: [], cluster: undefined };
  const redis = async () => ({ kind: 'sentinel' as const, ...none, sentinels });
  return sentinelsCheck.run({ ...openDeployment({}, undefined), redis });
}

describe('the check of sentinels', () => {
  it('is content with three that agree', async () => {
    expect(await look({}, {}, {})).toEqual({
      status: 'ok',
      found: '3 sentinels, quorum 2, agree on 10.0.0.1:6379',
    });
  });

  it.each([
    ['one that is down', 'warn', [{}, {}, 'ECONNREFUSED'], 'ECONNREFUSED'],
    ['a majority that is down', 'fail', [{}, 'ECONNREFUSED', 'ECONNREFUSED'], 'ECONNREFUSED'],
    ['all that are down', 'fail', ['NOAUTH', 'NOAUTH', 'NOAUTH'], 'NOAUTH'],
    ['two of them', 'fail', [{ sentinels: 2 }, { sentinels: 2 }], 'lists 2'],
    [
      'one that is not listed',
      'warn',
      [{ sentinels: 4 }, { sentinels: 4 }, { sentinels: 4 }],
      'count 4',
    ],
    ['a quorum of all', 'fail', [{ quorum: 3 }, { quorum: 3 }, { quorum: 3 }], 'quorum 3'],
    ['a quorum of one', 'warn', [{ quorum: 1 }, { quorum: 1 }, { quorum: 1 }], 'quorum 1'],
    ['different quorums', 'warn', [{}, {}, { quorum: 1 }], 'different quorums: 2, 1'],
    [
      'two masters',
      'fail',
      [{}, {}, { master: { host: '10.0.0.2', port: 6379 } }],
      'different masters',
    ],
    ['a lost master', 'fail', [{}, {}, { flags: ['s_down', 'master'] }], '1 of 3 sentinels think'],
  ] as const)('finds %s: %s', async (_what, status, answers, found) => {
    const outcome = await look(...answers);
    expect(outcome).toMatchObject({ status, found: expect.stringContaining(found) });
  });

  it('is skipped without sentinels', async () => {
    expect(
      await sentinelsCheck.run(openDeployment({ REDIS_URL: 'redis://127.0.0.1:1' }, undefined)),
    ).toEqual({ status: 'skipped', why: 'REDIS_SENTINELS is not set' });
  });
});
