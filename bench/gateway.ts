/**
 * `npm run bench:gateway [-- --runs 5] [--quick]`: what a request costs in the gateway beside what
 * people put together by hand, with the same checks: token, limit, revocation, metrics, log. Writes
 * its section of docs/benchmarks.md; `--quick` makes one run and writes nothing. nginx is measured
 * where it is on PATH.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type Measurement,
  type SubjectName,
  subjectNames,
  type WorkName,
  workNames,
} from './gateway/names.ts';
import { startSubject } from './gateway/running.ts';
import type { RunningSubject } from './gateway/running-subject.ts';
import { gatewayTables } from './gateway/tables.ts';
import { tokensOf } from './gateway/tokens.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { migratedPostgres, ownRedis } from './support/servers.ts';
import { startServing } from './support/serving-child.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const requests = 4000;
/**
 * Enough for the optimizing compiler of V8, whose work would be counted otherwise: after 6,000, a GET
 * of ours still took 260 µs where it took 160 µs after 30,000.
 */
const warmUpRequests = 24_000;
const atOnce = 16;
const loadLimitMs = 120_000;
const secret = randomBytes(32).toString('base64');

exitOnSignals();
const machine = `${describeMachine()}, ${describeRedis()}`;
await using parts = new AsyncDisposableStack();
const redis = await ownRedis(parts);
const databaseUrl = await migratedPostgres(['auth', 'gateway'], parts);
const child = async (file: string) =>
  parts.use(await startServing({ file: join(import.meta.dirname, 'gateway', file), values: [] }));
const upstream = await child('upstream-process.ts');
const generator = await child('load-process.ts');
const upstreamUrl = `http://127.0.0.1:${upstream.port}`;
const settings = { redisUrl: redis.url, databaseUrl, secret, upstreamUrl };

/** Of the works, the peers without sockets are not asked for those. */
const withSockets: readonly SubjectName[] = ['secureconnect', 'express'];
const socketWork: WorkName = 'upgrade of a socket';
const shareOf = (work: WorkName, count: number): number =>
  work === socketWork ? count / 4 : count;
const hasNginx = spawnSync('nginx', ['-v']).status === 0;
const present = subjectNames.filter((name) => name !== 'nginx' || hasNginx);

async function send(subject: RunningSubject, work: WorkName, count: number): Promise<number> {
  // Users of its own for each run, so that none comes near the limit.
  const tokens = tokensOf(Math.ceil(count / 50), secret);
  const answer = await generator.ask(
    { url: subject.url, work, tokens, count, atOnce },
    loadLimitMs,
  );
  const { requestsPerSecond, error } = answer as { requestsPerSecond: number; error?: string };
  if (error !== undefined) throw new Error(error);
  return requestsPerSecond;
}

const measurements: Measurement[] = [];
for (let run = 0; run < runs; run += 1) {
  for (const name of run % 2 === 0 ? present : present.toReversed()) {
    await using subject = await startSubject(name, settings);
    const works = workNames.filter((work) => work !== socketWork || withSockets.includes(name));
    // All before any is measured: they have most of their code in common.
    for (const work of works) await send(subject, work, shareOf(work, warmUpRequests));
    for (const work of works) {
      const count = shareOf(work, requests);
      const before = await subject.usage();
      const requestsPerSecond = await send(subject, work, count);
      const after = await subject.usage();
      const cpuMicroseconds = (after.cpuMicroseconds - before.cpuMicroseconds) / count;
      const { memoryBytes } = after;
      measurements.push({ subject: name, work, cpuMicroseconds, requestsPerSecond, memoryBytes });
      console.log(`${run + 1}/${runs} ${name}, ${work}: ${digits(cpuMicroseconds)} µs`);
    }
  }
}

const tables = gatewayTables({ machine, runs, requests, measurements });
console.log(`\n${tables}`);
if (!quick) writeSection('gateway', tables);
