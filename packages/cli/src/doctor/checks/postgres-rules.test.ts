import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import type { Fleet, GatewaySurvey } from '../gateway/survey.ts';
import { CannotLook } from '../outcome.ts';
import type { DatabaseSurvey } from '../postgres/survey.ts';
import { keysCheck } from './keys.ts';
import { postgresCheck } from './postgres.ts';
import { postgresConnectionsCheck } from './postgres-connections.ts';
import { postgresDurabilityCheck } from './postgres-durability.ts';

const healthy: DatabaseSurvey = {
  ...{ reason: undefined, version: 'PostgreSQL 18.4', isCockroach: false, isInRecovery: false },
  ...{ serializableReason: undefined, clockAheadMs: 0, migrations: new Map(), signingKeys: [] },
  settings: new Map([
    ['max_connections', '100'],
    ['superuser_reserved_connections', '3'],
  ]),
};

function deploymentOf(
  survey: Partial<DatabaseSurvey>,
  environment: NodeJS.ProcessEnv = {},
  fleet?: Fleet,
) {
  const gateway = async (): Promise<GatewaySurvey> => {
    if (fleet === undefined) throw new CannotLook('no gateway');
    return { url: '', ready: '', health: '', metrics: '', fleet };
  };
  return {
    ...openDeployment(environment, undefined),
    gateway,
    database: async () => ({ ...healthy, ...survey }),
  };
}

const instance = { state: 'normal', reason: undefined, isInDrill: false } as const;
const fleetOf = (...services: readonly string[]): Fleet => ({
  instances: services.map((service) => ({ service, ...instance })),
});

describe('the checks of PostgreSQL', () => {
  it.each([
    [{ isInRecovery: true }, 'recovery'],
    [{ settings: new Map([['default_transaction_read_only', 'on']]) }, 'read-only'],
    [{ serializableReason: 'statement mode' }, 'no SERIALIZABLE transaction: statement mode'],
    [{ reason: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  ])('find %o', async (survey, found) => {
    const outcome = await postgresCheck.run(deploymentOf(survey));
    expect(outcome).toMatchObject({ status: 'fail', found: expect.stringContaining(found) });
  });

  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])('find %s off', async (name) => {
    const off = deploymentOf({ settings: new Map([[name, 'off']]) });
    const found = expect.stringContaining(`${name} is off`);
    expect(await postgresDurabilityCheck.run(off)).toMatchObject({ status: 'fail', found });
    const remote = deploymentOf({ settings: new Map([[name, 'remote_write']]) });
    expect((await postgresDurabilityCheck.run(remote)).status).toBe('ok');
  });

  it('count the connections of the instances that the gateway sees', async () => {
    const many = fleetOf('gateway', 'gateway', ...Array.from({ length: 9 }, () => 'chat'));
    expect(await postgresConnectionsCheck.run(deploymentOf({}, {}, many))).toMatchObject({
      status: 'warn',
      found: '9 instances and 2 gateways may open 106 connections, and the server has 97 for them',
    });
    const few = fleetOf('gateway', 'auth', 'chat', 'video', 'storage');
    expect((await postgresConnectionsCheck.run(deploymentOf({}, {}, few))).status).toBe('ok');
  });

  it('count those in the variables, if there is no gateway', async () => {
    const chat = { CHAT_URL: Array.from({ length: 7 }, (_, n) => `http://chat-${n}`).join(',') };
    expect(await postgresConnectionsCheck.run(deploymentOf({}, chat))).toMatchObject({
      status: 'warn',
      found: '10 instances and 1 gateways may open 108 connections, and the server has 97 for them',
    });
  });
});

const day = 86_400;
const key = (days: number) => ({ keyId: 'k', signsSinceSeconds: days * day, isEnded: false });
const own = { SIGNING_KEYS_SECRET: 'x', ACCEPT_HS256_TOKENS: 'false' };

describe('the check of keys', () => {
  it.each([
    ['no keys', [], {}, 'ok'],
    ['a key of a month', [key(30)], own, 'ok'],
    ['a key that does not sign yet', [key(-0.001)], own, 'ok'],
    ['a key of a year', [key(365)], own, 'warn'],
    ['an old key that was replaced', [key(1), key(500)], own, 'ok'],
    ['a key without its secret', [key(1)], { ACCEPT_HS256_TOKENS: 'false' }, 'fail'],
    ['a key beside HS256', [key(1)], { SIGNING_KEYS_SECRET: 'x' }, 'warn'],
    ['a rotation under way', [], { JWT_SECRET_PREVIOUS_UNTIL: '2999-01-01T00:00:00Z' }, 'ok'],
    ['a rotation that is over', [], { JWT_SECRET_PREVIOUS_UNTIL: '2020-01-01T00:00:00Z' }, 'warn'],
    ['no right to read keys', 'permission denied', own, 'skipped'],
  ])('with %s', async (_what, signingKeys, environment, status) => {
    expect((await keysCheck.run(deploymentOf({ signingKeys }, environment))).status).toBe(status);
  });
});
