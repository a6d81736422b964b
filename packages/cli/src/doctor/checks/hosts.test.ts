import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import { hostsCheck } from './hosts.ts';

const look = (environment: NodeJS.ProcessEnv) =>
  hostsCheck.run(openDeployment(environment, undefined));

describe('the check of hosts', () => {
  it('is content with addresses of somebody', async () => {
    const own = {
      S3_PUBLIC_ENDPOINT: 'https://files.acme-chat.org',
      TURN_URLS: 'turn:turn.acme-chat.org:3478,turns:192.0.2.7:5349',
      SMTP_URL: 'smtps://mail.acme-chat.org',
      MAIL_FROM: 'Acme <no-reply@acme-chat.org>',
      // A user name may be an address of any kind.
      DATABASE_URL: 'postgresql://me%40example.com:x@db/chat',
    };
    expect(await look(own)).toMatchObject({ status: 'ok' });
  });

  it.each([
    ['S3_PUBLIC_ENDPOINT', 'https://files.example.com:9000', 'files.example.com'],
    [
      'TURN_URLS',
      'turn:acme-chat.org,turn:turn.example.com:3478?transport=tcp',
      'turn.example.com',
    ],
    ['MAIL_FROM', 'SecureConnect <no-reply@example.com>', 'example.com'],
    ['PASSKEY_RP_ID', 'chat.example', 'chat.example'],
    ['DATABASE_URL', 'postgresql://me:secret@db.example.org:5432/chat', 'db.example.org'],
  ])('finds %s of an example', async (name, value, host) => {
    const found = `${name} names ${host}, a host of the examples`;
    expect(await look({ [name]: value })).toMatchObject({ status: 'fail', found });
  });

  it('finds the default sender, if mails are sent', async () => {
    const found = 'MAIL_FROM is not set';
    expect(await look({ SMTP_URL: 'smtp://mail' })).toMatchObject({ status: 'fail', found });
    expect(await look({})).toMatchObject({ status: 'ok' });
  });
});
