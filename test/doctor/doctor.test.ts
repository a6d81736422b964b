import { allChecks, examine } from '@secureconnect/cli/doctor';
import { coturnSkipReason, ownS3SkipReason } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HealthyDeployment, startHealthyDeployment } from './healthy-deployment.ts';
import { plantedFaults, type Told } from './planted-faults.ts';

const skipReason = ownS3SkipReason || coturnSkipReason;

/** What cannot be looked at in a deployment on one machine, with sentinels, a bucket, messages in SQL, and no TLS. */
const outOfSight = [
  'cassandra',
  'certificates',
  'directory',
  'gateway-encryption',
  'redis-cluster',
];

describe.skipIf(skipReason !== '')(`a deployment that the doctor examines${skipReason}`, () => {
  let deployment: HealthyDeployment;
  beforeAll(async () => {
    deployment = await startHealthyDeployment();
  }, 120_000);
  afterAll(() => deployment?.[Symbol.asyncDispose]());

  const found = async (told: Partial<Told> = {}) => {
    const { environment, gatewayUrl } = { ...deployment, ...told };
    return examine(environment, gatewayUrl);
  };
  const problemsIn = (results: Awaited<ReturnType<typeof found>>) =>
    results.filter(({ outcome: { status } }) => status === 'warn' || status === 'fail');

  it('is healthy: every check that can look is content', async () => {
    const results = await found();
    expect(problemsIn(results)).toEqual([]);
    const skipped = results.filter(({ outcome }) => outcome.status === 'skipped');
    expect(skipped.map(({ check }) => check).sort()).toEqual(outOfSight);
    expect(results).toHaveLength(allChecks.length);
    // As docs/doctor.md and the README say.
    expect(plantedFaults).toHaveLength(30);
  });

  it.each(plantedFaults)('has $fault, which $check finds and no other check', async (planted) => {
    await deployment.forgetLimits();
    await using undo = new AsyncDisposableStack();
    const told = await planted.plant(deployment, undo);
    const results = await found(told);
    const problems = problemsIn(results);
    expect(
      problems.map(({ check }) => check),
      JSON.stringify(problems),
    ).toEqual([planted.check]);
    const secrets = Object.entries(told.environment ?? deployment.environment).filter(([name]) =>
      /SECRET|PASSWORD|TOKEN$/.test(name),
    );
    const output = JSON.stringify(results);
    expect(secrets.filter(([, secret]) => secret.length > 8 && output.includes(secret))).toEqual(
      [],
    );
  });
});
