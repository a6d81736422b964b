import { setTimeout as delay } from 'node:timers/promises';
import { Tokens } from '@secureconnect/contracts';
import { startOutbox } from '@secureconnect/outbox';
import { openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger, createMetrics } from '@secureconnect/service';
import { eventually, freePort } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { codeHashOf } from '../src/email/verification-code.ts';
import { createMailer } from '../src/mail/create-mailer.ts';
import { writeMail } from '../src/mail/mail-effect.ts';
import { mailHandler } from '../src/mail/mail-handler.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';
import { startEndlessServer, startMailServer } from './mail-servers.ts';

const from = 'SecureConnect <no-reply@example.org>';
const never = new AbortController().signal;
const mail = {
  to: 'someone@example.org',
  subject: 'Grüße',
  text: 'One.\n.\nTwo: ✓\n',
  messageId: '<one@example.org>',
};

describe('mail by SMTP', () => {
  it('arrives as it was written', async () => {
    await using server = await startMailServer();
    const mailer = createMailer({ kind: 'smtp', url: server.url, from });
    await Promise.all([
      mailer.send(mail, never),
      mailer.send({ ...mail, to: 'another@example.org', messageId: '<two@example.org>' }, never),
    ]);
    mailer.close();
    expect(server.mails.map(({ to }) => to[0]).toSorted()).toEqual([
      'another@example.org',
      'someone@example.org',
    ]);
    const [first] = server.mails;
    expect(first?.from).toBe('no-reply@example.org');
    expect(first?.text).toContain('From: SecureConnect <no-reply@example.org>');
    expect(first?.text).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(server.mails.map(({ text }) => /^Message-ID: (.*)$/m.exec(text)?.[1]?.trim())).toEqual(
      expect.arrayContaining(['<one@example.org>', '<two@example.org>']),
    );
  });

  it('rejects if the server is down, or refuses', async () => {
    const away = createMailer({ kind: 'smtp', url: `smtp://127.0.0.1:${await freePort()}`, from });
    await expect(away.send(mail, never)).rejects.toThrow('ECONNREFUSED');
    away.close();
    await using server = await startMailServer({ refusing: true });
    const refused = createMailer({ kind: 'smtp', url: `${server.url}?name=x`, from });
    await expect(refused.send(mail, never)).rejects.toThrow('nobody here');
    refused.close();
  });
});

describe('a password reset', () => {
  const warningOf = ({ logLines }: TestAuth, text: string): string => {
    const line = logLines.find((one) => one.includes(text));
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
      const reset = server.mails.find(({ text }) => text.includes('password reset was requested'));
      expect(reset?.to).toEqual([asked.user.email]);
      return /^([\w-]{43})\r?$/m.exec(reset?.text ?? '')?.[1];
    });
    const body = { token, new_password: 'another good password' };
    expect((await auth.call('POST', '/v1/auth/password-reset/confirm', { body })).status).toBe(200);
    expect(auth.logLines.join('')).not.toContain(token);
  });

  it('that the mail server refuses is a dead letter, and the log has its reply code alone', async () => {
    await using server = await startMailServer({ refusing: true });
    const asked = await ask(server.url);
    await using auth = asked.auth;
    const line = await eventually(() => warningOf(auth, 'it is a dead letter'));
    expect(JSON.parse(line)).toMatchObject({ kind: 'mail', reason: 'EENVELOPE 550', tries: 1 });
    // The server repeats the address in its reply.
    expect(auth.logLines.join('')).not.toContain(asked.user.email);
  });

  it('is mailed later if the mail server is down, and the client is not affected', async () => {
    const port = await freePort();
    const asked = await ask(`smtp://127.0.0.1:${port}`);
    await using auth = asked.auth;
    const line = await eventually(() => warningOf(auth, 'delivery of effects failed'));
    expect(JSON.parse(line)).toMatchObject({
      ...{ kind: 'mail', reason: 'ESOCKET', tries: 1 },
      remedy: expect.stringMatching(`^Mail server at 127.0.0.1:${port}: the connection failed`),
    });
    expect(auth.logLines.join('')).not.toContain(asked.user.email);
    await using server = await startMailServer({ port });
    const database = openDatabase({ url: auth.databaseUrl });
    await database.execute('UPDATE auth.outbox SET due_at = now()');
    await database.close();
    await eventually(() => expect(server.mails[0]?.to).toEqual([asked.user.email]));
    await eventually(() => expect(auth.logLines.join('')).toContain('effects are delivered again'));
  });
});

describe('a mail server that refuses one address', () => {
  it('gets the mails to all other addresses once, and that one becomes a dead letter', async () => {
    const [first, refused, last] = [someone(), someone(), someone()];
    await using server = await startMailServer({ refusing: refused.email });
    await using auth = await startAuth({ MAIL_DIRECTORY: '', SMTP_URL: server.url });
    await using resources = new AsyncDisposableStack();
    const database = openDatabase({ url: auth.databaseUrl });
    resources.defer(() => database.close());
    for (const { email } of [first, refused, last]) {
      await writeMail(database, { key: email, to: email, subject: 'Hello', text: 'Hello.' });
    }
    const stateOf = async (key: string) =>
      (
        await database.query<{ state: string; payload: unknown; last_error: string | null }>(
          'SELECT state, payload, last_error FROM auth.outbox WHERE idempotency_key = $1',
          [key],
        )
      )[0];
    await eventually(async () => {
      for (const { email } of [first, last]) {
        expect(await stateOf(email)).toEqual({ state: 'done', payload: null, last_error: null });
      }
      expect(await stateOf(refused.email)).toMatchObject({
        state: 'dead',
        payload: { to: refused.email },
        last_error: 'EENVELOPE 550',
      });
    });
    expect(server.mails.map(({ to }) => to).toSorted()).toEqual([[first.email], [last.email]]);
  });
});

describe('a mail server that accepts a mail and confirms late', () => {
  it('gets it once, after the lease too', async () => {
    const reply = Promise.withResolvers<void>();
    await using server = await startMailServer({ beforeReply: () => reply.promise });
    const mailer = createMailer(
      { kind: 'smtp', url: server.url, from },
      // What it takes to write is over long before the reply.
      { writeMs: 300 },
    );
    const sent = mailer.send(mail, never);
    await eventually(() => expect(server.mails).toHaveLength(1));
    await delay(600);
    reply.resolve();
    await sent;
    mailer.close();
    expect(server.mails).toHaveLength(1);
  });

  it('is awaited for a while when the sender stops', async () => {
    const reply = Promise.withResolvers<void>();
    await using server = await startMailServer({ beforeReply: () => reply.promise });
    const mailer = createMailer({ kind: 'smtp', url: server.url, from }, { graceMs: 5000 });
    const stopping = new AbortController();
    const sent = mailer.send(mail, stopping.signal);
    await eventually(() => expect(server.mails).toHaveLength(1));
    stopping.abort();
    reply.resolve();
    await sent;
    mailer.close();
  });

  it('is given up when it never confirms', async () => {
    await using server = await startMailServer({ beforeReply: () => new Promise(() => undefined) });
    const mailer = createMailer({ kind: 'smtp', url: server.url, from }, { replyMs: 300 });
    await expect(mailer.send(mail, never)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    mailer.close();
  });
});

describe('a mail server that replies endlessly', () => {
  const setUp = async (writeMs: number) => {
    const stack = new AsyncDisposableStack();
    const server = stack.use(await startEndlessServer());
    const { url } = stack.use(await migratedDatabase(['auth']));
    const database = openDatabase({ url });
    stack.defer(() => database.close());
    await writeMail(database, {
      key: 'one',
      to: 'a@example.com',
      subject: 'Hello',
      text: 'Hello.',
    });
    const mailer = createMailer({ kind: 'smtp', url: server.url, from }, { writeMs });
    stack.defer(() => mailer.close());
    const logLines: string[] = [];
    const write = (line: string): unknown => logLines.push(line);
    const log = createLogger({ service: 'auth', level: 'info', write });
    const handlers = [
      mailHandler({
        database,
        mailer,
        from,
        codeHash: codeHashOf('a secret'),
        accountUrl: undefined,
      }),
    ];
    const start = () =>
      startOutbox({ database, schema: 'auth', handlers, log, metrics: createMetrics() });
    const due = async (): Promise<unknown[]> =>
      database.query("SELECT tries FROM auth.outbox WHERE state = 'pending' AND due_at <= now()");
    return { stack, server, start, logLines, due };
  };

  it('delays one mail for a limited time', async () => {
    const { stack, start, logLines } = await setUp(300);
    await using _stack = stack;
    stack.defer(start());
    await eventually(() => expect(logLines.join('')).toContain('ETIMEDOUT'));
  });

  it('delays no stop, after which a different instance has the mail at once', async () => {
    const { stack, server, start, logLines, due } = await setUp(600_000);
    await using _stack = stack;
    const stop = start();
    await server.connected;
    expect(await due()).toEqual([]);
    await stop();
    expect(await due()).toEqual([{ tries: 0 }]);
    expect(logLines).toEqual([]);
  });
});
