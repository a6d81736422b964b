import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Tokens } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { migrateServices } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import { eventually, freePort, testPostgres } from '@secureconnect/testkit';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { createMailer } from '../src/mail/create-mailer.ts';
import { startResetMails } from '../src/reset-mails.ts';
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

/** Greets, and then goes on with its first reply for as long as anybody listens. */
async function startEndlessServer() {
  const connected = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('220 ready\r\n');
    socket.once('data', () => {
      connected.resolve();
      const timer = setInterval(() => socket.write('250-and more\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    connected: connected.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

const from = 'SecureConnect <no-reply@example.org>';
const never = new AbortController().signal;
const mail = { to: 'someone@example.org', subject: 'Grüße', text: 'One.\n.\nTwo: ✓\n' };

describe('mail by SMTP', () => {
  it('arrives as it was written', async () => {
    await using server = await startMailServer();
    const mailer = createMailer({ kind: 'smtp', url: server.url, from });
    await Promise.all([
      mailer.send(mail, never),
      mailer.send({ ...mail, to: 'another@example.org' }, never),
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
  });

  it('rejects where the server is away, or refuses', async () => {
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
  const warningOf = ({ logLines }: TestAuth): string => {
    const [line] = logLines.filter((one) => one.includes('password reset mail '));
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
    expect(line).toContain('the user can request a new one');
    // The server repeats the address in its reply.
    expect(auth.logLines.join('')).not.toContain(asked.user.email);
  });

  it('is mailed later where the mail server is away, and the client hears nothing of it', async () => {
    const port = await freePort();
    const asked = await ask(`smtp://127.0.0.1:${port}`);
    await using auth = asked.auth;
    const line = await eventually(() => warningOf(auth));
    expect(JSON.parse(line)).toMatchObject({ reason: 'ESOCKET', tries: 1 });
    expect(line).toContain('mail failed; retrying later');
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

describe('a mail server that says something all the time and never comes to an end', () => {
  const setUp = async (sendLimitMs: number) => {
    const stack = new AsyncDisposableStack();
    const server = stack.use(await startEndlessServer());
    const { url } = stack.use(await testPostgres());
    await migrateServices(url, ['auth']);
    const database = openDatabase({ url });
    stack.defer(() => database.close());
    await database.execute(
      `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
       VALUES ($1, 'a@example.com', 'a', 'a', 'A', 'x')`,
      [randomUUID()],
    );
    await database.execute(
      `INSERT INTO auth.password_reset_requests (subject, email, due_at, expires_at)
       VALUES ('a', 'a@example.com', now(), now() + interval '1 hour')`,
    );
    const mailer = createMailer({ kind: 'smtp', url: server.url, from });
    stack.defer(() => mailer.close());
    const logLines: string[] = [];
    const write = (line: string): unknown => logLines.push(line);
    const log = createLogger({ service: 'auth', level: 'info', write });
    const mails = { database, mailer, log, sendLimitMs };
    const due = async (): Promise<unknown[]> =>
      database.query('SELECT 1 FROM auth.password_reset_requests WHERE due_at <= now()');
    return { stack, server, mails, logLines, due };
  };

  it('holds up one mail for a limited time', async () => {
    const { stack, mails, logLines } = await setUp(300);
    await using _stack = stack;
    stack.defer(startResetMails(mails));
    await eventually(() => expect(logLines.join('')).toContain('mail failed; retrying later'));
  });

  it('holds up no stop, after which another instance has the mail at once', async () => {
    const { stack, server, mails, logLines, due } = await setUp(600_000);
    await using _stack = stack;
    const stop = startResetMails(mails);
    await server.connected;
    expect(await due()).toEqual([]);
    await stop();
    expect(await due()).toHaveLength(1);
    expect(logLines).toEqual([]);
  });
});
