import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Tokens } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { eventually, freePort } from '@secureconnect/testkit';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { createMailer } from '../src/mail/create-mailer.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

interface MailServer extends AsyncDisposable {
  readonly url: string;
  readonly mails: {
    readonly from: string;
    readonly to: readonly string[];
    readonly text: string;
  }[];
}

/** A real mail server that takes everything, or refuses every recipient. */
async function startMailServer(
  options: { refusing?: boolean; port?: number } = {},
): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const server = new SMTPServer({
    authOptional: true,
    // Clients keep their connections; a stop does not wait for them.
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(options.refusing === true ? new Error(`nobody here: <${address}>`) : undefined),
    onData(stream, { envelope }, done) {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      text(stream).then((content) => {
        mails.push({ from, to, text: content });
        done();
      }, done);
    },
  });
  // A client that goes away ends its connection, not the server.
  server.on('error', () => undefined);
  const listening = server.listen(options.port ?? 0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const from = 'SecureConnect <no-reply@example.org>';
const mail = { to: 'someone@example.org', subject: 'Grüße', text: 'One.\n.\nTwo: ✓\n' };

describe('mail by SMTP', () => {
  it('arrives as it was written', async () => {
    await using server = await startMailServer();
    const mailer = createMailer({ kind: 'smtp', url: server.url, from });
    await Promise.all([mailer.send(mail), mailer.send({ ...mail, to: 'another@example.org' })]);
    mailer.close();
    expect(server.mails.map(({ to }) => to[0]).toSorted()).toEqual([
      'another@example.org',
      'someone@example.org',
    ]);
    const [first] = server.mails;
    expect(first?.from).toBe('no-reply@example.org');
    expect(first?.text).toContain('From: SecureConnect <no-reply@example.org>');
    expect(first?.text).toMatch(/^Subject: =\?UTF-8\?/m);
  });

  it('rejects where the server is away, or refuses', async () => {
    const away = createMailer({ kind: 'smtp', url: `smtp://127.0.0.1:${await freePort()}`, from });
    await expect(away.send(mail)).rejects.toThrow('ECONNREFUSED');
    away.close();
    await using server = await startMailServer({ refusing: true });
    const refused = createMailer({ kind: 'smtp', url: `${server.url}?name=x`, from });
    await expect(refused.send(mail)).rejects.toThrow('nobody here');
    refused.close();
  });
});

describe('a password reset', () => {
  const warningOf = ({ logLines }: TestAuth): string => {
    const [line] = logLines.filter((one) => one.includes('could not be mailed'));
    if (line === undefined) throw new Error('no warning yet');
    return line;
  };

  const ask = async (url: string) => {
    const auth = await startAuth({ MAIL_DIRECTORY: '', SMTP_URL: url });
    const user = someone();
    const registered = await auth.call('POST', '/v1/auth/register', { body: user });
    const userId = Tokens.parse(registered.body.data).user.user_id;
    const body = { email: user.email };
    const reply = await auth.call('POST', '/v1/auth/password-reset/request', { body });
    expect([reply.status, reply.body.data]).toEqual([200, { accepted: true }]);
    return { auth, user, userId };
  };

  it('is mailed by SMTP, with a token that works', async () => {
    await using server = await startMailServer();
    const asked = await ask(server.url);
    await using auth = asked.auth;
    const token = await eventually(() => {
      expect(server.mails[0]?.to).toEqual([asked.user.email]);
      return /^([\w-]{43})\r?$/m.exec(server.mails[0]?.text ?? '')?.[1];
    });
    const body = { token, new_password: 'another good password' };
    expect((await auth.call('POST', '/v1/auth/password-reset/confirm', { body })).status).toBe(200);
    expect(auth.logLines.join('')).not.toContain(token);
  });

  it('that the mail server refuses is logged by the user’s id and the reply code alone', async () => {
    await using server = await startMailServer({ refusing: true });
    const asked = await ask(server.url);
    await using auth = asked.auth;
    const line = await eventually(() => warningOf(auth));
    expect(JSON.parse(line)).toMatchObject({ reason: 'EENVELOPE', smtp_code: 550, tries: 1 });
    expect(line).toContain(asked.userId);
    expect(line).toContain('the user can request another');
    // The server repeats the address in its reply.
    expect(auth.logLines.join('')).not.toContain(asked.user.email);
  });

  it('is mailed later where the mail server is away, and the client hears nothing of it', async () => {
    const port = await freePort();
    const asked = await ask(`smtp://127.0.0.1:${port}`);
    await using auth = asked.auth;
    const line = await eventually(() => warningOf(auth));
    expect(JSON.parse(line)).toMatchObject({ reason: 'ESOCKET', tries: 1 });
    expect(line).toContain('each is tried again');
    expect(auth.logLines.join('')).not.toContain(asked.user.email);
    await using server = await startMailServer({ port });
    const database = openDatabase({ url: auth.databaseUrl });
    await database.execute('UPDATE auth.password_reset_requests SET due_at = now()');
    await database.close();
    await eventually(() => expect(server.mails[0]?.to).toEqual([asked.user.email]));
    await eventually(() =>
      expect(auth.logLines.join('')).toContain('password resets are mailed again'),
    );
  });
});
