import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';

/** Serves `/ready`, and its environment and pid on `/`; prints at its end whether Redis is up. */
const fakeService = `
  import { createServer } from 'node:http';
  import { connect } from 'node:net';
  const { FAKE_SERVICE_FAILS, REDIS_URL = 'redis://127.0.0.1:1' } = process.env;
  const [, , name = process.argv[1] ?? ''] = process.argv;
  if (FAKE_SERVICE_FAILS && name.includes(FAKE_SERVICE_FAILS)) process.exit(3);
  const port = Number(process.env[name.includes('one') ? 'ONE_PORT' : 'TWO_PORT']);
  createServer((request, response) => {
    response.end(JSON.stringify({ pid: process.pid, environment: process.env }));
  }).listen(port);
  const stop = () => {
    const { hostname: host, port } = new URL(REDIS_URL);
    const say = (redis) => { console.log('ends with Redis ' + redis); process.exit(0); };
    connect({ host, port: Number(port) }, () => say('up')).once('error', () => say('down'));
  };
  process.once('SIGTERM', stop);
  if (process.env.FAKE_CHATTER) setInterval(() => console.log('at work'), 50);
`;

const migrations = `
  if (process.env.FAKE_MIGRATION_FAILS) { console.error('no such table'); process.exit(2); }
`;

function starter(root: string): string {
  return `
  import { watchForEnd } from '${import.meta.dirname}/end-watch.ts';
  import { sayWhyItStopped } from '${import.meta.dirname}/last-word.ts';
  import { readSettings } from '${import.meta.dirname}/settings.ts';
  import { runStack } from '${import.meta.dirname}/stack.ts';
  const controller = new AbortController();
  watchForEnd(controller);
  try {
    const specs = ['one', 'two'].map((name) => ({
      name, main: '${root}/' + name + '.ts', portVariable: name.toUpperCase() + '_PORT', defaultPort: 1,
    }));
    const end = await runStack({
      settings: readSettings(process.env, specs, '${root}'),
      environment: process.env,
      migrations: '${root}/migrate.ts',
      readable: process.env.FAKE_TERMINAL === '1',
      say: (line) => console.log(line),
      controller,
    });
    sayWhyItStopped(end);
    process.exit(end.exitCode);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  `;
}

const printTimeoutMs = 15_000;

/** A running stack of two small services. */
export interface FakeStack {
  readonly starter: ChildProcess;
  /** The output so far. */
  output(): string;
  /** The last line on standard error so far. */
  lastError(): string;
  /** Waits until the output matches. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code; null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** The environment and pid of a service. */
  ask(service: 'one' | 'two'): Promise<{ pid: number; environment: NodeJS.ProcessEnv }>;
}

/** A folder with a starter, its services and its data; a test can start it repeatedly. */
export class FakeStackFolder {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'secureconnect-stack-')));
  readonly #started: FakeStack[] = [];

  constructor() {
    for (const name of ['one.ts', 'two.ts']) writeFileSync(join(this.root, name), fakeService);
    writeFileSync(join(this.root, 'migrate.ts'), migrations);
    writeFileSync(join(this.root, 'starter.ts'), starter(this.root));
  }

  /** Starts the stack; `wrapped` below a shell, as npm does. */
  async start(environment: NodeJS.ProcessEnv = {}, { wrapped = false } = {}): Promise<FakeStack> {
    const ports = { ONE_PORT: String(await freePort()), TWO_PORT: String(await freePort()) };
    const given = { DATABASE_URL: 'postgresql://ann:secret@127.0.0.1:1/none', ...ports };
    const command = [process.execPath, join(this.root, 'starter.ts')];
    const [program = '', ...rest] = wrapped
      ? ['/bin/sh', '-c', '"$0" "$1"; true', ...command]
      : command;
    const child = spawn(program, rest, {
      cwd: this.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...given, ...environment },
    });
    const stack = watched(child, { ...given, ...environment });
    this.#started.push(stack);
    return stack;
  }

  /** Ends all running processes and removes the folder. */
  async remove(): Promise<void> {
    for (const { starter } of this.#started) {
      if (starter.exitCode !== null || starter.signalCode !== null) continue;
      starter.kill('SIGTERM');
      await once(starter, 'exit');
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

function watched(child: ChildProcess, environment: NodeJS.ProcessEnv): FakeStack {
  let output = '';
  let errors = '';
  const news = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (stream === child.stderr) errors += text;
      news.emit('text');
    });
  }
  return {
    starter: child,
    output: () => output,
    lastError: () => errors.trimEnd().split('\n').at(-1) ?? '',
    prints: async (pattern) => {
      const signal = AbortSignal.timeout(printTimeoutMs);
      for (;;) {
        const found = pattern.exec(output);
        if (found !== null) return found;
        await once(news, 'text', { signal }).catch(() => {
          throw new Error(`${pattern} is not in: ${output}`);
        });
      }
    },
    exited: once(child, 'close').then(([code]) => code),
    ask: async (service) => {
      const port = environment[`${service.toUpperCase()}_PORT`];
      const reply = await fetch(`http://127.0.0.1:${port}/`);
      return (await reply.json()) as { pid: number; environment: NodeJS.ProcessEnv };
    },
  };
}
