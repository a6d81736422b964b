import { expect, it } from 'vitest';
import { providersVariable } from './providers-config.ts';

const entry = {
  id: 'acme',
  name: 'Acme',
  issuer: 'https://login.acme.example',
  client_id: 'secureconnect',
  client_secret: 'a secret',
};
const parsed = (fields: object) =>
  providersVariable.safeParse(JSON.stringify([{ ...entry, ...fields }]));

it('decides about no domain and no second factor unless it is told to', () => {
  expect(parsed({}).data).toMatchObject([{ linkDomains: [], trustedForSecondFactor: false }]);
  expect(parsed({ link_domains: ['acme.example'] }).data).toMatchObject([
    { linkDomains: ['acme.example'] },
  ]);
});

it.each(['ACME.example', '@acme.example', '*.acme.example', 'acme', ''])(
  'refuses "%s" as a domain, and names the field',
  (domain) => {
    const { error } = parsed({ link_domains: [domain] });
    expect(error?.message).toContain('0.link_domains.0');
  },
);
