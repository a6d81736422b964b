import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokens } from '@secureconnect/contracts';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import {
  type CallOptions,
  call,
  eventually,
  LogLines,
  type Reply,
  type TestRedis,
  testRedis,
} from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import type { AuthContext } from '../src/context.ts';
import { createAuth, readAuthConfig } from '../src/index.ts';

export interface TestAuth extends AsyncDisposable {
  readonly url: string;
  readonly redis: TestRedis;
  readonly databaseUrl: string;
  /** Every log line so far. */
  readonly logLines: readonly string[];
  readonly mailDirectory: string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** The mails to an address, oldest first. */
  mailsTo(email: string): Promise<string[]>;
  /** The reset tokens that were mailed to an address, oldest first. */
  mailedTokens(email: string): Promise<string[]>;
}

/** What an instance stands on: its own, unless another instance shares it. */
type Ground = Pick<TestAuth, 'redis' | 'databaseUrl' | 'mailDirectory'>;

async function layGround(stack: AsyncDisposableStack): Promise<Ground> {
  const database = stack.use(await migratedDatabase(['auth']));
  const redis = stack.use(await testRedis());
  const mailDirectory = await mkdtemp(join(tmpdir(), 'auth-mail-'));
  stack.defer(() => rm(mailDirectory, { recursive: true }));
  return { redis, databaseUrl: database.url, mailDirectory };
}

/**
 * A real auth service on a free port, over a database and a Redis of its own.
 * @param over an instance whose database, Redis and mails this one shares
 */
export async function startAuth(
  environment: NodeJS.ProcessEnv = {},
  overrides: Partial<AuthContext> = {},
  over?: TestAuth,
): Promise<TestAuth> {
  const stack = new AsyncDisposableStack();
  const { redis, databaseUrl, mailDirectory } = over ?? (await layGround(stack));
  const config = readAuthConfig({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_SECRET: jwtSecret,
    MAIL_DIRECTORY: mailDirectory,
    BCRYPT_COST: '4',
    ...environment,
  });
  const { all: logLines, write } = stack.use(new LogLines());
  const log = createLogger({ service: 'auth', level: 'info', write });
  const service = await createAuth(config, log, overrides);
  stack.defer(() => service.close());
  const url = `http://127.0.0.1:${await service.listen(0)}`;
  return {
    url,
    redis,
    databaseUrl,
    mailDirectory,
    logLines,
    call: (method, path, options) => call(url, method, path, options),
    mailsTo: (email) => mailsTo(mailDirectory, email),
    mailedTokens: (email) => mailedTokens(mailDirectory, email),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function mailsTo(directory: string, email: string): Promise<string[]> {
  const names = (await readdir(directory)).sort();
  const mails = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return mails.filter((mail) => mail.includes(`To: ${email}\r\n`)).map(readable);
}

/** Long lines are quoted-printable (RFC 2045, 6.7); all bytes here are ASCII. */
function readable(mail: string): string {
  if (!/^Content-Transfer-Encoding: quoted-printable\r$/m.test(mail)) return mail;
  const joined = mail.replaceAll('=\r\n', '');
  return joined.replace(/=([0-9A-F]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

async function mailedTokens(directory: string, email: string): Promise<string[]> {
  const mails = await mailsTo(directory, email);
  return mails.flatMap((mail) => /^([\w-]{43})\r?$/m.exec(mail)?.[1] ?? []);
}

let users = 0;

/** A registration that no other test makes. */
export function someone() {
  users += 1;
  const name = `user${process.pid}_${users}`;
  return {
    email: `${name}@example.com`,
    username: name,
    password: 'correct horse battery staple',
    display_name: `User ${users}`,
  };
}

/** Registers a new user; the registration with its tokens, user id and session id. */
export async function registerSomeone({ call: send }: Pick<TestAuth, 'call'>) {
  const person = someone();
  // On a busy machine a store may be too late: a request that is refused for that has done nothing.
  const tokens = await eventually(
    async () => {
      const { status, body } = await send('POST', '/v1/auth/register', { body: person });
      if (status === 503) throw new Error(`registering was refused: ${JSON.stringify(body)}`);
      return Tokens.parse(body.data);
    },
    { timeoutMs: 15_000 },
  );
  const { user, access_token: token, refresh_token } = tokens;
  const sessionId = refresh_token.split('.')[0] ?? '';
  return { ...person, ...tokens, userId: user.user_id, token, sessionId };
}
