import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Backends } from '../memory/backends.ts';
import { startSubject } from '../memory/measure.ts';
import type { Memory } from '../memory/subject-process.ts';
import { Child } from '../support/child.ts';
import type { ServingChild } from '../support/serving-child.ts';
import { cpuMs } from '../trees/process-cpu.ts';
import type { Heard, LoadMessage, LoadReply } from './load-process.ts';

/** In the order in which they are measured. */
export const states = ['normal', 'Redis killed', 'Redis back', 'one instance killed'] as const;
export type State = (typeof states)[number];

/** What the members heard in one state, and what it cost the instances together. */
export interface Spoken extends Heard {
  readonly cpuMs: number;
}

export interface FleetRun {
  /** The sockets of all instances. */
  readonly sockets: number;
  readonly openMs: number;
  readonly openCpuMs: number;
  /** Of the whole process, its sockets idle and its garbage collected: the largest instance. */
  readonly residentBytes: number;
  /** Of all instances for a second in which nobody says anything. */
  readonly idleCpuMsPerSecond: number;
  readonly spoken: Readonly<Record<State, Spoken>>;
  /** The sockets of the killed instance, and how long it took until all were open elsewhere. */
  readonly reopened: { readonly sockets: number; readonly durationMs: number };
}

const instanceCount = 4;
const pace = { ratePerSecond: 50, durationMs: 10_000 };
const idleMs = 5000;
const openLimitMs = 300_000;
const askLimitMs = 60_000;
/** What opening a socket begins, such as notices to its rooms, ends within this time. */
const restMs = 3000;
const recoveryLimitMs = 30_000;

/** Four instances of chat, with all people's sockets spread over them. */
export async function runFleet({ settings, redis, people }: Backends): Promise<FleetRun> {
  await using parts = new AsyncDisposableStack();
  const instances = await Promise.all(
    Array.from({ length: instanceCount }, async () =>
      parts.use(await startSubject('secureconnect', settings)),
    ),
  );
  const load = parts.use(
    new Child({ file: join(import.meta.dirname, 'load-process.ts'), values: [] }),
  );
  const ports = instances.map(({ port }) => port);

  const opening = await timed(instances, () => askOpened(load, { kind: 'open', ports, people }));
  await after(restMs);
  const memories = await Promise.all(
    instances.map((instance) => instance.ask('memory', askLimitMs) as Promise<Memory>),
  );
  const idle = await timed(instances, () => after(idleMs));
  const normal = await speak(load, instances);
  await redis.kill();
  const killed = await speak(load, instances);
  await redis.restart();
  await untilNormal(ports);
  const back = await speak(load, instances);
  const [gone, ...left] = instances;
  if (gone === undefined) throw new Error('no instance was started');
  await gone[Symbol.asyncDispose]();
  const reopening = await timed(left, () => reopen(load, gone, left));
  const withoutOne = await speak(load, left);
  return {
    sockets: opening.result,
    openMs: opening.durationMs,
    openCpuMs: opening.cpuMs,
    residentBytes: Math.max(...memories.map(({ residentBytes }) => residentBytes)),
    idleCpuMsPerSecond: (1000 * idle.cpuMs) / idle.durationMs,
    spoken: {
      normal,
      'Redis killed': killed,
      'Redis back': back,
      'one instance killed': withoutOne,
    },
    reopened: { sockets: reopening.result, durationMs: reopening.durationMs },
  };
}

/** How long it takes, and the processor time of the instances meanwhile. */
async function timed<T>(
  instances: readonly ServingChild[],
  act: () => Promise<T>,
): Promise<{ result: T; durationMs: number; cpuMs: number }> {
  const cpu = (): number => instances.reduce((sum, { pid }) => sum + cpuMs(pid), 0);
  const [cpuBefore, startMs] = [cpu(), performance.now()];
  const result = await act();
  return { result, durationMs: performance.now() - startMs, cpuMs: cpu() - cpuBefore };
}

async function speak(load: Child, instances: readonly ServingChild[]): Promise<Spoken> {
  const { result, cpuMs } = await timed(instances, () => ask(load, { kind: 'speak', ...pace }));
  if (result.kind !== 'heard') throw new Error(`the clients answered ${result.kind} to speak`);
  return { ...result.heard, cpuMs };
}

function reopen(load: Child, gone: ServingChild, left: readonly ServingChild[]): Promise<number> {
  const ports = left.map(({ port }) => port);
  return askOpened(load, { kind: 'reopen', gone: gone.port, ports });
}

async function askOpened(load: Child, message: LoadMessage): Promise<number> {
  const reply = await ask(load, message);
  if (reply.kind !== 'opened') throw new Error(`the clients answered ${reply.kind}`);
  return reply.sockets;
}

async function ask(load: Child, message: LoadMessage): Promise<LoadReply> {
  const reply = (await load.ask(message, openLimitMs)) as LoadReply;
  if (reply.kind === 'failed') throw new Error(`the clients: ${reply.reason}`);
  return reply;
}

/** Resolves when each instance counts Redis as back. */
async function untilNormal(ports: readonly number[]): Promise<void> {
  const signal = AbortSignal.timeout(recoveryLimitMs);
  for (const port of ports) {
    while (!(await isNormal(port, signal))) await after(100, undefined, { signal });
  }
}

async function isNormal(port: number, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal });
  const gauge = /^redis_degraded_mode(?:\{[^}]*\})? (\d)$/m.exec(await response.text())?.[1];
  if (gauge === undefined) throw new Error('/metrics has no redis_degraded_mode');
  return gauge === '0';
}
