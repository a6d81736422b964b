import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually, freePort } from '@secureconnect/testkit';
import { afterEach, describe, expect, it } from 'vitest';

const program = new URL('../../test/child.ts', import.meta.url);
const good = { CHILD_SECRET: 'of these tests alone', CHILD_NAME: 'small' };
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

function start(environment: NodeJS.ProcessEnv) {
  const env = { PATH: process.env['PATH'], ...environment };
  const child = fork(program, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  running.add(child);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child has no output');
  const ended = Promise.all([once(child, 'exit'), text(stdout), text(stderr)]).then(
    ([[code, signal], output, errors]) => {
      running.delete(child);
      return { code, signal, output, errors };
    },
  );
  return { child, ended };
}

async function startOnPort(environment: NodeJS.ProcessEnv = {}) {
  const port = await freePort();
  const started = start({ ...good, CHILD_PORT: String(port), ...environment });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${url}/live`)).status).toBe(200), {
    timeoutMs: 15_000,
  });
  return { ...started, url };
}

describe('a service process', () => {
  it('that is configured wrongly says so, a readable line each, and ends with 1', async () => {
    const environment = { CHILD_SECRET: 'change-me-please-now', CHILD_LIMIT: '10', LOG_LEVEL: 'x' };
    const { code, output, errors } = await start(environment).ended;
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(errors.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^CHILD_SECRET has a value that is not allowed; expected .*refused\.$/),
      'CHILD_NAME is not set; expected a name.',
      'CHILD_LIMIT is "10"; expected a whole number from 1 to 9.',
    ]);
  });

  it('tells its parent the port when it listens', async () => {
    const port = await freePort();
    const { child } = start({ ...good, CHILD_PORT: String(port) });
    const [message] = await once(child, 'message');
    expect(message).toEqual({ kind: 'listening', port });
    expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200);
  });

  it('whose port is in use says which, and which variable chose it', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, errors } = await start({ ...good, CHILD_PORT: String(port) }).ended;
    taken.close();
    expect(code).toBe(1);
    expect(errors).toBe(`Port ${port} is in use. Stop what uses it, or set CHILD_PORT.\n`);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'that gets %s answers the request in flight, then ends with 0',
    async (signal) => {
      const { child, ended, url } = await startOnPort();
      const asked = once(child, 'message');
      const reply = fetch(`${url}/v1/slow`);
      await asked;
      child.kill(signal);
      await eventually(() => expect(fetch(`${url}/live`)).rejects.toThrow());
      child.send('answer');
      expect((await reply).status).toBe(200);
      const { code, output } = await ended;
      expect(code).toBe(0);
      expect(output).toContain(`"why":"${signal}","msg":"stopping"`);
      expect(output).not.toContain('took too long');
    },
  );

  it('in production first says in its replies that it stops, and answers all the same', async () => {
    const { child, ended, url } = await startOnPort({ NODE_ENV: 'production' });
    child.kill('SIGTERM');
    await eventually(async () => {
      const reply = await fetch(`${url}/live`);
      expect(reply.status).toBe(200);
      expect(reply.headers.get('x-stopping')).toBe('true');
      expect(reply.headers.get('connection')).toBe('close');
    });
    expect((await ended).code).toBe(0);
  });

  it('that gets SIGTERM while it starts ends at once', async () => {
    const { child, ended } = start({ ...good, CHILD_STARTS_ON_MESSAGE: 'yes' });
    await once(child, 'message');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).not.toContain('listening');
  });

  it('stops when its parent has gone', async () => {
    const { child, ended } = await startOnPort();
    child.disconnect();
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain('"why":"the parent ended"');
  });

  it('stops when its parent has gone while it started', async () => {
    const { child, ended } = start({ ...good, CHILD_STARTS_ON_MESSAGE: 'yes' });
    await once(child, 'message');
    child.disconnect();
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain('"why":"the parent ended"');
  });
});
