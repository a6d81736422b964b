import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatEvent } from '@secureconnect/client';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/documented-section.ts';
import { ClientWorld, contentsOf } from './world.ts';

const folder = join(root, 'packages/client');
const parts = new AsyncDisposableStack();
let world: ClientWorld;
let app: string;
let work: string;
beforeAll(async () => {
  world = parts.use(await ClientWorld.start());
  // Inside of the package, where it can be imported by its name.
  await mkdir(join(folder, '.cache'), { recursive: true });
  work = await mkdtemp(join(folder, '.cache', 'readme-'));
  parts.defer(() => rm(work, { recursive: true }));
  app = join(work, 'app.js');
  await writeFile(app, await appOfReadme());
});
afterAll(() => parts.disposeAsync());

async function appOfReadme(): Promise<string> {
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## An app'));
  return /```js\n(.*?)```/s.exec(section)?.[1] ?? '';
}

const patiently = { timeoutMs: 20_000 };

it('has at most 40 lines, and loses nothing though it is killed', { timeout: 60_000 }, async () => {
  expect((await readFile(app, 'utf8')).trim().split('\n').length).toBeLessThanOrEqual(40);
  const { ada, bob, conversationId } = await world.pair();
  const events: ChatEvent[] = [];
  const bobs = await bob.open().openChat({ onEvent: (event) => void events.push(event) });
  const first = run(ada.email, ada.network.port);
  await first.shows('(open)');
  first.child.stdin?.write('one\n');
  await first.shows('✓ one');
  await bobs.send({ conversation_id: conversationId, content: 'two' });
  await first.shows(`${bob.userId.slice(0, 4)}: two`);
  ada.network.set('cut');
  await first.shows('(waiting)');
  first.child.stdin?.write('three\n');
  await bobs.send({ conversation_id: conversationId, content: 'four' });
  await eventually(async () => expect(await keptIn(join(work, 'store'))).toBe(1), patiently);
  await first.kill();
  ada.network.set('up');
  const second = run(ada.email, ada.network.port);
  await second.shows('✓ three');
  await second.shows(`${bob.userId.slice(0, 4)}: four`);
  await eventually(() => expect(contentsOf(events)).toEqual(['one', 'three']), patiently);
  second.child.stdin?.end();
  await once(second.child, 'exit');
  const said = second.output().filter((line) => !line.startsWith('('));
  const expected = [`${bob.userId.slice(0, 4)}: four`, '✓ three', 'me: three'];
  expect(said.sort()).toEqual(expected.sort());
});

/** The number of messages that wait in a store of files. */
async function keptIn(store: string): Promise<number> {
  const { FileStore } = await import('@secureconnect/client/node');
  return (await new FileStore(store).keys('outbox/')).length;
}

function run(email: string, port: number) {
  const child: ChildProcess = spawn(process.execPath, [app], {
    env: {
      ...process.env,
      EMAIL: email,
      PASSWORD: world.password,
      SECURECONNECT_URL: `http://127.0.0.1:${port}`,
      STORE: join(work, 'store'),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  const output = () => text.split('\n').filter((line) => line !== '');
  return {
    child,
    output,
    shows: (line: string) => eventually(() => expect(output()).toContain(line), patiently),
    async kill() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
