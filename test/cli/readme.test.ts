import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleBlocks, normalized } from '../support/console-block.ts';
import { root } from '../support/documented-section.ts';
import { openShell, type Shell } from '../support/shell.ts';
import { CliWorld, type User } from './world.ts';

const parts = new AsyncDisposableStack();
let world: CliWorld;
let ada: User;
let shell: Shell;
let readme: string;
beforeAll(async () => {
  world = parts.use(await CliWorld.start());
  [ada] = [await world.user('ada'), await world.user('bob')];
  readme = await readFile(join(root, 'packages/cli/README.md'), 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'cli-readme-'));
  parts.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'password'), `${world.password}\n`);
  await writeFile(join(folder, 'note'), 'Later, then.\n');
  shell = parts.use(openShell(folder));
  await shell.run(`export SECURECONNECT_HOME=${folder}/kept SECURECONNECT_URL=${ada.url}`);
  const bin = join(root, 'packages/cli/src/bin.ts');
  const node = `${process.execPath} --disable-warning=ExperimentalWarning`;
  await shell.run(`npx() { shift; ${node} ${bin} "$@"; }`);
});
afterAll(() => parts.disposeAsync());

/** Runs the blocks between two headings: each command prints what the page says. */
async function expectHolds(from: string, to: string): Promise<void> {
  const section = readme.split(from)[1]?.split(to)[0] ?? '';
  const commands = consoleBlocks(section).flatMap((block) => block.commands);
  expect(commands.length, from).toBeGreaterThan(1);
  for (const { command, output } of commands) {
    const printed = await shell.run(`{ ${command}\n} 2>&1`);
    const own = printed.replaceAll(ada.url, 'http://localhost:8080');
    expect(normalized(own), command).toBe(normalized(output));
  }
}

it('does what the lines of the repository’s README say', async () => {
  const page = await readFile(join(root, 'README.md'), 'utf8');
  const lines = [...page.matchAll(/^npx secureconnect (.+)$/gm)].map(([, line = '']) =>
    [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word),
  );
  const [login = [], send = [], watch = []] = lines;
  expect(lines).toHaveLength(3);
  await ada.done(login, { input: `${world.password}\n` });
  expect(await ada.done(send)).toMatch(/^[0-9a-f-]{36}$/);
  const watching = ada.start(watch);
  await watching.shows('Everything works');
  watching.child.kill('SIGINT');
  expect((await watching.ended).code).toBe(0);
});

it('prints what the README says, also while Redis is down', { timeout: 180_000 }, async () => {
  await eventually(async () => expect((await ada.run(['degraded', '--once'])).code).toBe(0), {
    timeoutMs: 30_000,
    intervalMs: 1000,
  });
  await expectHolds('# secureconnect\n', '## Commands');
  await expectHolds('## For scripts', '## Without Redis');
  await world.stack.redis.kill();
  await eventually(
    async () => {
      const { stdout } = await ada.run(['degraded', '--once']);
      expect(stdout).toContain('gateway, auth, chat, video.');
    },
    { timeoutMs: 30_000, intervalMs: 1000 },
  );
  await expectHolds('## Without Redis', '## Environment');
});
