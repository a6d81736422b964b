// The picture of the demo in the README: npm run screenshots:demo
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { programSkipReason } from '@secureconnect/testkit';
import { startForReal } from '../support/started-stack.ts';
import { startChromium } from './chromium.ts';
import { DemoPage } from './demo-page.ts';

const file = join(import.meta.dirname, '../../docs/images/demo.png');
const maxBytes = 250_000;

const missing = programSkipReason(['chromium']);
if (missing !== '') throw new Error(`There is no Chromium to take pictures with${missing}.`);

await using parts = new AsyncDisposableStack();
const stack = parts.use(await startForReal());
const browser = await startChromium();
parts.defer(() => browser.close());
const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
const demo = new DemoPage(page);
await page.goto(`http://localhost:${stack.ports.gateway}/console/demo`);
await demo.tell('Ada', 'Bob', 'Lunch at noon?');
await demo.tell('Bob', 'Ada', 'Yes! Same place?');
await demo.stopRedis();
await demo.tell('Ada', 'Bob', 'Yes. I have just stopped Redis.');
await demo.tell('Bob', 'Ada', 'Did you? I have not noticed.');
await demo.attempt('See who is online', 'done');
await demo.attempt('Look Bob up by name', 'done');
await demo.attempt('Sign Ada in on a second device', 'refused');
await demo.attempt('Sign out all other devices of Ada', 'refused');
await page.getByText('chat: degraded').waitFor();
// Without the ring around the button that was pressed last.
await page.getByRole('heading', { level: 1 }).focus();
await page.screenshot({ path: file, fullPage: true });
const { size } = await stat(file);
if (size > maxBytes) throw new Error(`${file} has ${size} bytes; expected ${maxBytes} at most`);
process.stdout.write(`docs/images/demo.png: ${size} bytes\n`);
