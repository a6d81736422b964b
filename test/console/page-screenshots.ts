// Pictures of every page of the console, in light, dark and on a phone, to be looked at:
//   npm run screenshots:console -- --out FOLDER
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '@secureconnect/embedded';
import { programSkipReason } from '@secureconnect/testkit';
import { signalsToken } from '../support/stack.ts';
import { startForReal } from '../support/started-stack.ts';
import { takeAccount } from './account-pictures.ts';
import { startChromium } from './chromium.ts';
import { registerAdmin } from './operators-page.ts';
import { takeOperators, takeOutage } from './operators-pictures.ts';
import { takeCall, takeConversations, takeStrangers } from './people-pictures.ts';

const { out: folder } = parseArgs({ options: { out: { type: 'string' } } }).values;
if (folder === undefined) throw new Error('Set --out to the folder for the pictures.');
const missing = programSkipReason(['chromium']);
if (missing !== '') throw new Error(`There is no Chromium to take pictures with${missing}.`);
await mkdir(folder, { recursive: true });

await using parts = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'page-screenshots-'));
parts.defer(() => rm(dataDir, { recursive: true }));
const postgres = await startPostgres({ dataDir, log: () => undefined });
parts.defer(() => postgres.stop());
const started = parts.use(
  await startForReal({ DATABASE_URL: postgres.url, SIGNALS_TOKEN: signalsToken }),
);
const browser = await startChromium();
parts.defer(() => browser.close());
const origin = `http://localhost:${started.ports.gateway}`;
const stack = { urls: { gateway: origin }, databaseUrl: postgres.url };
const world = { folder, browser, origin, stack, admin: await registerAdmin(stack) };
await takeStrangers(world);
const people = await takeConversations(world);
await takeCall(world, people);
await takeAccount(world, people);
const operator = await takeOperators(world);
await takeOutage(world, operator, people);
process.stdout.write(`The pictures are in ${folder}.\n`);
