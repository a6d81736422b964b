import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { certificatesSkipReason, makeCertificates } from '@secureconnect/testkit';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { Settings } from '../settings.ts';
import { surveyMail } from './survey.ts';

async function serve(options: SMTPServerOptions) {
  const server = new SMTPServer({
    closeTimeout: 100,
    onAuth: ({ password }, _session, done) =>
      password === 'right' ? done(null, { user: 'me' }) : done(new Error('not this one')),
    ...options,
  });
  server.on('error', () => undefined); // a client that gives up ends its connection alone
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
const survey = (url: string) => surveyMail(new Settings({ SMTP_URL: url }));

describe('the survey of a mail server', () => {
  it('greets without encryption where none is offered', async () => {
    await using server = await serve({ disabledCommands: ['STARTTLS', 'AUTH'] });
    expect(await survey(`smtp://127.0.0.1:${server.port}`)).toEqual({
      ...{ host: '127.0.0.1', reason: undefined, certificate: undefined },
      ...{ isEncrypted: false, hasCredentials: false },
    });
  });

  it.skipIf(certificatesSkipReason !== '')(
    `reads the certificate after STARTTLS${certificatesSkipReason}`,
    async () => {
      await using certificates = await makeCertificates();
      const [cert, key] = await Promise.all(
        [certificates.server.cert, certificates.server.key].map((path) => readFile(path, 'utf8')),
      );
      await using server = await serve({ cert, key });
      const untrusted = await survey(`smtp://me:right@127.0.0.1:${server.port}`);
      expect(untrusted.reason).toMatch(/unable to verify|self.signed/i);
      const ca = encodeURIComponent(await readFile(certificates.ca, 'utf8'));
      const trusted = await survey(`smtp://me:right@localhost:${server.port}?tls.ca=${ca}`);
      expect(trusted).toMatchObject({ reason: undefined, isEncrypted: true, hasCredentials: true });
      expect(trusted.certificate?.subject.CN).toBe('server');
    },
  );

  it('says that a password is refused', async () => {
    await using server = await serve({ allowInsecureAuth: true, disabledCommands: ['STARTTLS'] });
    const { hasCredentials, reason } = await survey(`smtp://me:wrong@127.0.0.1:${server.port}`);
    expect({ hasCredentials, reason }).toEqual({
      hasCredentials: true,
      reason: expect.stringMatching(/535 not this one/),
    });
    expect((await survey(`smtp://me:right@127.0.0.1:${server.port}`)).reason).toBeUndefined();
  });

  it('says that nobody is there', async () => {
    expect((await survey('smtp://127.0.0.1:1')).reason).toMatch(/ECONNREFUSED/);
  });

  it.each(['http://mail', 'smtp://'])('cannot look at %s', async (url) => {
    await expect(survey(url)).rejects.toThrow('SMTP_URL is not an smtp:// or smtps:// URL');
  });
});
