import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@secureconnect/postgres';
import { call, eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { changeRole } from '../../services/auth/src/change-role.ts';
import { root } from '../support/documented-section.ts';
import { Network } from '../support/network.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';

/** How a process of the program has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the program. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until the output, or the errors, have a text. */
  shows(text: string | RegExp): Promise<void>;
  /** The lines of the output so far. */
  lines(): readonly string[];
}

export interface RunOptions {
  /** What the process reads. Default: nothing. */
  readonly input?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Somebody at a terminal, whose folder no other one uses. */
export interface User {
  readonly email: string;
  readonly username: string;
  readonly userId: string;
  /** Of the API, beside the program. */
  readonly token: string;
  /** The way of the program to the gateway. */
  readonly network: Network;
  /** Where the program finds the gateway. */
  readonly url: string;
  start(words: readonly string[], options?: RunOptions): Running;
  run(words: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Runs the program, which has to end with 0. */
  done(words: readonly string[], options?: RunOptions): Promise<string>;
}

const patiently = { timeoutMs: 20_000 };
const source = ['--disable-warning=ExperimentalWarning', join(root, 'packages/cli/src/bin.ts')];

/** A stack, and people with the program. */
export class CliWorld implements AsyncDisposable {
  readonly stack: Stack;
  readonly password = 'correct horse battery';
  readonly #parts = new AsyncDisposableStack();
  readonly #program: readonly string[];
  #users = 0;

  private constructor(stack: Stack, program: readonly string[]) {
    this.stack = this.#parts.use(stack);
    this.#program = program;
  }

  /** @param program the words that run it; by default that of the source */
  static async start(program: readonly string[] = [process.execPath, ...source]) {
    return new CliWorld(await startStack(), program);
  }

  /** A new account, whose person has not signed in by the program. */
  async user(name = `user_${randomUUID().slice(0, 12)}`): Promise<User> {
    const home = await mkdtemp(join(tmpdir(), 'cli-'));
    this.#parts.defer(() => rm(home, { recursive: true }));
    const account = {
      ...{ email: `${name}@example.com`, username: name },
      ...{ password: this.password, display_name: name },
    };
    const { body } = await call(this.stack.urls.gateway, 'POST', '/v1/auth/register', {
      body: account,
      headers: { 'X-Forwarded-For': this.#newAddress() },
    });
    const { access_token: token, user } = body.data as {
      readonly access_token: string;
      readonly user: { readonly user_id: string };
    };
    const { port } = new URL(this.stack.urls.gateway);
    const network = this.#parts.use(await Network.to(Number(port)));
    const url = `http://127.0.0.1:${network.port}`;
    const start = (words: readonly string[], { environment, ...options }: RunOptions = {}) =>
      this.#start(home, words, {
        ...options,
        environment: { SECURECONNECT_URL: url, ...environment },
      });
    const run = (words: readonly string[], options?: RunOptions) => start(words, options).ended;
    const done = async (words: readonly string[], options?: RunOptions) => {
      const { code, stderr, stdout } = await run(words, options);
      expect({ words, code, stderr }).toMatchObject({ code: 0 });
      return stdout.trimEnd();
    };
    const { email } = account;
    const { user_id: userId } = user;
    return { email, username: name, userId, token, network, url, start, run, done };
  }

  /** Somebody who has signed in by the program. */
  async signedIn(name?: string): Promise<User> {
    const user = await this.user(name);
    await user.done(['login', '--email', user.email], { input: `${this.password}\n` });
    return user;
  }

  /** Limits are by address; that of the program is always the same. */
  #newAddress(): string {
    this.#users += 1;
    return `203.0.113.${this.#users}`;
  }

  makeAdmin({ userId }: User): Promise<void> {
    return this.#withDatabase(async (database) => {
      await changeRole(database, userId, 'admin');
    });
  }

  query(sql: string, values: readonly string[]): Promise<void> {
    return this.#withDatabase(async (database) => {
      await database.query(sql, values);
    });
  }

  async #withDatabase(act: (database: Database) => Promise<void>): Promise<void> {
    const database = openTestDatabase(this.stack.databaseUrl, { maxConnections: 1 });
    try {
      await act(database);
    } finally {
      await database.close();
    }
  }

  #start(home: string, words: readonly string[], { environment, input = '' }: RunOptions): Running {
    const [program = '', ...first] = this.#program;
    const child = spawn(program, [...first, ...words], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: home, SECURECONNECT_HOME: join(home, 'kept') },
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(input);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const closed = once(child, 'close');
    this.#parts.defer(async () => {
      child.kill('SIGKILL');
      await closed;
    });
    return {
      child,
      ended: closed.then(([code]) => ({ code, stdout, stderr })),
      shows: (text) => eventually(() => expect(`${stdout}${stderr}`).toMatch(text), patiently),
      lines: () => stdout.split('\n').filter((line) => line !== ''),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}
