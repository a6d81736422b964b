import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import { proxiesCheck } from './proxies.ts';

const look = (environment: NodeJS.ProcessEnv) =>
  proxiesCheck.run(openDeployment(environment, undefined));

describe('the check of trusted proxies', () => {
  it.each([
    {},
    { GATEWAY_TRUSTED_PROXIES: '10.1.2.3,10.2.0.0/16,loopback,2001:db8::/48' },
    { TRUSTED_PROXIES: 'uniquelocal,10.0.0.0/8,fd00::/8' },
  ])('is content with %o', async (environment) => {
    expect(await look(environment)).toMatchObject({ status: 'ok' });
  });

  it.each([
    ['GATEWAY_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['GATEWAY_TRUSTED_PROXIES', 'uniquelocal'],
    ['GATEWAY_TRUSTED_PROXIES', '10.0.0.0/8'],
    ['GATEWAY_TRUSTED_PROXIES', '2001::/16'],
    ['TRUSTED_PROXIES', '::/0'],
    ['TRUSTED_PROXIES', '8.0.0.0/8'],
  ])('finds %s=%s', async (name, value) => {
    const outcome = await look({ [name]: value });
    expect(outcome).toMatchObject({ status: 'fail', found: `${name} has ${value}` });
  });
});
