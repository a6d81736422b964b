// Pictures of an outage for docs/observability.md: npm run screenshots
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { programSkipReason } from '@secureconnect/testkit';
import { startForReal } from '../support/started-stack.ts';
import { dashboards, root } from './deployed.ts';
import { targetsOf } from './targets.ts';
import { startTraffic } from './traffic.ts';
import { startWatchingPrometheus } from './watching-prometheus.ts';

/** Panels to show, by the name of their picture. */
const pictures = {
  'degraded-mode': 'Redis, as each service sees it',
  'degraded-fallbacks': 'Fallbacks by kind',
  'degraded-refusals': '503 by service',
  'degraded-alerts': 'Deliveries refused, by reason',
  'overview-requests': 'Requests by service',
  'overview-durations': 'Duration, 99th percentile',
} as const;

const secondsOfNormal = 30;
const secondsOfOutage = 25;
const mostBytes = 150_000;
const run = promisify(execFile);
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Chromium asks nobody about itself, and draws one page without a window. */
const chromiumFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--hide-scrollbars', '--window-size=1000,910'],
  // Of the page's own clock: the graph is there by then, however slow the machine.
  '--virtual-time-budget=10000',
];

const missing = programSkipReason(['chromium']);
if (missing !== '') throw new Error(`There is no Chromium to take pictures with${missing}.`);

await using parts = new AsyncDisposableStack();
say('starting the stack and Prometheus');
const stack = parts.use(await startForReal());
const urls = Object.fromEntries(
  Object.entries(stack.ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`]),
) as Record<keyof typeof stack.ports, string>;
const prometheus = parts.use(await startWatchingPrometheus(targetsOf(urls)));
const signalsToken = (await readFile(join(stack.dataDirectory, 'signals-token'), 'utf8')).trim();
const traffic = parts.use(await startTraffic({ urls, signalsToken }));
const profile = await mkdtemp(join(tmpdir(), 'screenshots-'));
parts.defer(() => rm(profile, { recursive: true }));

/** A round of requests each second, or as often as they are answered. */
async function trafficFor(seconds: number, what: string): Promise<void> {
  say(`${what}, ${seconds} s`);
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) await Promise.all([traffic.round(), delay(1000)]);
}

const redis = join(stack.dataDirectory, 'redis');
await trafficFor(secondsOfNormal, 'normal');
process.kill(Number(await readFile(join(redis, 'redis.pid'), 'utf8')), 'SIGKILL');
await trafficFor(secondsOfOutage, 'without Redis');
await run('redis-server', [join(redis, 'redis.conf')]);
await trafficFor(secondsOfNormal, 'normal again');

// All pictures end at one time, so that they can be compared; the page knows full minutes only.
const endOfMinute = new Date(Math.ceil(Date.now() / 60_000) * 60_000);
const end = endOfMinute.toISOString().replace('T', ' ').slice(0, 16);
const panels = dashboards().flatMap((board) => board.panels);
for (const [name, title] of Object.entries(pictures)) {
  const query = panels.find((panel) => panel.title === title)?.targets?.[0]?.expr;
  if (query === undefined) throw new Error(`no panel is called "${title}"`);
  const parameters = new URLSearchParams({
    // It is scraped each second here: a short window shows what happened when.
    'g0.expr': query.replaceAll('$__rate_interval', '5s'),
    'g0.tab': '0',
    'g0.end_input': end,
    'g0.range_input': `${2 * secondsOfNormal + secondsOfOutage + 60}s`,
  });
  const file = join(root, 'docs', 'images', `${name}.png`);
  const page = `${prometheus.url}/graph?${parameters}`;
  await run('chromium', [
    ...chromiumFlags,
    `--user-data-dir=${profile}`,
    `--screenshot=${file}`,
    page,
  ]);
  const { size } = await stat(file);
  if (size > mostBytes) throw new Error(`${file} has ${size} bytes, expected ${mostBytes} at most`);
  say(`docs/images/${name}.png: ${size} bytes`);
}
