import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import type { GatewaySurvey } from '../gateway/survey.ts';
import type { MailSurvey } from '../mail/survey.ts';
import { gatewayEncryptionCheck } from './gateway-encryption.ts';
import { mailEncryptionCheck } from './mail-encryption.ts';

const greets = { reason: undefined, certificate: undefined };
const lookAtMail = (survey: Omit<MailSurvey, keyof typeof greets>) =>
  mailEncryptionCheck.run({
    ...openDeployment({}, undefined),
    mail: async () => ({ ...survey, ...greets }),
  });

describe('the check of encrypted mail', () => {
  it.each([
    ['mail.acme.org', true, true, 'ok'],
    ['mail.acme.org', false, true, 'fail'],
    ['mail.acme.org', false, false, 'fail'],
    ['10.0.0.9', false, true, 'warn'],
    ['10.0.0.9', false, false, 'ok'],
    ['127.0.0.1', false, true, 'ok'],
  ])(
    '%s, encrypted: %s, with a password: %s: %s',
    async (host, isEncrypted, hasCredentials, status) => {
      expect((await lookAtMail({ host, isEncrypted, hasCredentials })).status).toBe(status);
    },
  );
});

describe('the check of an encrypted gateway', () => {
  it.each([
    ['https://api.acme.org', 'ok'],
    ['http://api.acme.org', 'fail'],
    ['http://10.0.0.8:8080', 'warn'],
    ['http://127.0.0.1:8080', 'skipped'],
  ])('%s: %s', async (url, status) => {
    const answer = { status: 200, headers: new Headers(), body: '', middleMs: 0, json: () => ({}) };
    const answers = { ready: answer, health: answer, metrics: answer, fleet: undefined };
    const gateway = async (): Promise<GatewaySurvey> => ({ url, ...answers });
    const deployment = { ...openDeployment({}, url), gateway };
    expect((await gatewayEncryptionCheck.run(deployment)).status).toBe(status);
  });
});
