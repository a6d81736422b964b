import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HeldGateway } from './held-gateway.ts';
import { CliWorld } from './world.ts';

const parts = new AsyncDisposableStack();
let world: CliWorld;
/** Of three parts. */
let film: string;
const filmBytes = 33 * 1024 ** 2;
beforeAll(async () => {
  world = parts.use(await CliWorld.start());
  const folder = await mkdtemp(join(tmpdir(), 'cli-film-'));
  parts.defer(() => rm(folder, { recursive: true }));
  film = join(folder, 'film.mp4');
  await writeFile(film, randomBytes(filmBytes));
});
afterAll(() => parts.disposeAsync());

it('a file goes on with the parts that are missing, after Ctrl-C', {
  timeout: 90_000,
}, async () => {
  await using gateway = await HeldGateway.before(world.stack.urls.gateway);
  const ada = await world.user();
  const environment = { SECURECONNECT_URL: gateway.url };
  const input = `${world.password}\n`;
  await ada.done(['login', '--email', ada.email], { environment, input });
  const held = gateway.holdAfter(2, '/part-url');
  const first = ada.start(['upload', film, '--type', 'video/mp4'], { environment });
  await held;
  first.child.kill('SIGINT');
  const line = 'error: Interrupted; run the same command again to go on.\n';
  expect(await first.ended).toEqual({ code: 130, stdout: '', stderr: line });
  const partsSent = gateway.countFrom('/part-url');
  const words = ['upload', film, '--type', 'video/mp4', '--json'];
  const file = JSON.parse(await ada.done(words, { environment }));
  expect(file).toMatchObject({ file_name: 'film.mp4', file_size: filmBytes, status: 'uploaded' });
  expect(file).toMatchObject({ content_type: 'video/mp4' });
  expect(partsSent()).toBe(1);
});

it('a file that was interrupted does not go on under another name or type', {
  timeout: 90_000,
}, async () => {
  await using gateway = await HeldGateway.before(world.stack.urls.gateway);
  const ada = await world.user();
  const environment = { SECURECONNECT_URL: gateway.url };
  const input = `${world.password}\n`;
  await ada.done(['login', '--email', ada.email], { environment, input });
  const held = gateway.holdAfter(2, '/part-url');
  const first = ada.start(['upload', film], { environment });
  await held;
  first.child.kill('SIGINT');
  await first.ended;
  const partsSent = gateway.countFrom('/part-url');
  const words = ['upload', film, '--name', 'later.mp4', '--type', 'video/mp4', '--json'];
  const file = JSON.parse(await ada.done(words, { environment }));
  expect(file).toMatchObject({ file_name: 'later.mp4', content_type: 'video/mp4' });
  expect(partsSent()).toBe(3);
});

it('a path that leads to no file is named', async () => {
  const ada = await world.user();
  const { code, stderr } = await ada.run(['upload', join(film, 'none')]);
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected the path of a file'),
  });
});
