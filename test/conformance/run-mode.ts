import type { Findings } from '@secureconnect/degraded-mode/testing';
import { defaultSettings } from '../support/default-settings.ts';
import { redisUsers, untilGauges } from '../support/gauges.ts';
import { RedisWatch } from '../support/redis-watch.ts';
import { type ServiceName, type Stack, serviceNames } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { type Counts, fallbackCounts, wrongCounts } from './counted.ts';
import { usedPorts } from './declared.ts';
import { tryLiveTable } from './live-table.ts';
import { type Mode, modeNames } from './modes.ts';
import { onlyReads, phase, prepare, type Ready, type Trial } from './phase.ts';
import { setSocketScene } from './socket-scene.ts';
import { rowName, type TableRow } from './tables.ts';
import { bothWays, eachOneWay } from './ways.ts';
import { createWorld } from './world.ts';

/** All the phases of one mode, over the rows as they are declared; tells what it sees. */
export async function runMode(
  mode: Mode,
  rows: readonly TableRow[],
  findings: Findings,
): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const scenario = await mode.open(parts);
  const world = createWorld(scenario.stack);
  const { databaseUrl: url } = scenario.stack;
  const sql = parts.adopt(openTestDatabase(url), (database) => database.close());
  const cases = bothWays(rows);
  const watch = parts.use(new RedisWatch(scenario.stack.redis.port, () => performance.now(), []));
  const scene = await setSocketScene(world);
  const settings = { ...defaultSettings, ...mode.settings };
  const trial: Trial = { rows, findings, world, sql, watch, scene, settings };
  const turn = modeNames.indexOf(mode.name);
  // Before every fault the same is right: it is shown once, and after each fault again.
  if (turn === 0) {
    await phase(trial, scenario.stack, 'before', await prepare(cases, trial), 'normal');
  }
  // Before the fault, as nobody can make one during it. By one way at once, by the other throughout.
  const atOnce = await prepare(eachOneWay(cases, turn), trial);
  const throughout = await prepare(
    eachOneWay(cases, turn + 1),
    trial,
    atOnce.filter((ready) => onlyReads(ready) || willBeRefused(ready, mode)),
  );

  const stack = await scenario.begin();
  const refusedAtOnce = await phase(trial, stack, 'at once', atOnce, mode.atOnce);
  if (mode.endsByItself !== true) await untilGauges(stack, '1');
  const countsBefore = await allCounts(stack);
  const refusedLater = await phase(trial, stack, 'throughout', throughout, mode.throughout);
  if (mode.throughout === 'degraded') {
    judgeCounts(trial, throughout, countsBefore, await allCounts(stack));
    await tryLiveTable(stack, rows, { findings, settings });
  }

  await scenario.end();
  await untilGauges(stack, '0');
  // A refusal means that nothing happened: the very same requests succeed now, and happen once.
  const sentTwice = new Set(throughout.map(({ request }) => request));
  const refused = [
    ...refusedAtOnce.filter(({ request }) => !sentTwice.has(request)),
    ...refusedLater,
  ];
  await phase(trial, stack, 'again', refused, 'normal');
  const tried = new Set(refused.map(({ one }) => one.sample));
  const others = await prepare(
    eachOneWay(cases, turn).filter(({ sample }) => !tried.has(sample)),
    trial,
    atOnce.filter(onlyReads),
  );
  await phase(trial, stack, 'after', others, 'normal');
  judgeLogs(trial, stack);
}

/** Refused without an effect, the very request can be sent once more during the fault. */
function willBeRefused({ declared }: Ready, mode: Mode): boolean {
  return mode.atOnce === 'degraded' && declared.closed !== undefined;
}

async function allCounts(stack: Stack): Promise<ReadonlyMap<ServiceName, Counts>> {
  const entries = serviceNames.map(
    async (service) => [service, await fallbackCounts(stack, service)] as const,
  );
  return new Map(await Promise.all(entries));
}

/** Each row's declared fallbacks were counted under its route while its requests were served. */
function judgeCounts(
  { rows, findings, settings }: Trial,
  ready: readonly Ready[],
  before: ReadonlyMap<ServiceName, Counts>,
  after: ReadonlyMap<ServiceName, Counts>,
): void {
  const counted = ready.flatMap(({ declared }) => declared.counted);
  for (const row of rows) {
    const ofRow =
      row.kind === 'http'
        ? counted.filter((port) => port.row === row.policy)
        : usedPorts(row.policy, settings);
    const none: Counts = new Map();
    const { service } = row;
    const wrong = wrongCounts(ofRow, before.get(service) ?? none, after.get(service) ?? none);
    if (wrong !== undefined) findings.wrong(rowName(row), wrong);
  }
}

/** Both edges are logged by every service that has a flag, and nothing is logged as an error. */
function judgeLogs({ findings }: Trial, stack: Stack): void {
  for (const line of ['Redis entered degraded mode', 'Redis recovered from degraded mode']) {
    const services = stack.logs.filter(({ msg }) => msg === line).map(({ service }) => service);
    for (const user of redisUsers) {
      if (!services.includes(user)) findings.wrong(`${user} log`, `no line "${line}"`);
    }
  }
  for (const { level, msg, service } of stack.logs) {
    if (level === 'error' || level === 'fatal')
      findings.wrong(`${service} log`, `${level}: ${msg}`);
  }
}
