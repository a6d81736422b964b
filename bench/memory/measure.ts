import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../support/child.ts';
import { type ServingChild, startServing } from '../support/serving-child.ts';
import type { Backends } from './backends.ts';
import type { Opened, Opening } from './load-process.ts';
import type { SubjectName } from './subject-names.ts';
import type { Memory } from './subject-process.ts';

/** The memory of a server with so many idle sockets. */
export interface Footprint extends Memory {
  readonly sockets: number;
}

const openLimitMs = 300_000;
const answerLimitMs = 30_000;
/** What opening a socket begins, such as notices to its rooms, ends within this time. */
const restMs = 2000;

/** Starts a subject in a process that answers each message with its memory. */
export function startSubject(
  name: SubjectName,
  settings: Backends['settings'],
): Promise<ServingChild> {
  return startServing({
    file: join(import.meta.dirname, 'subject-process.ts'),
    values: [name, JSON.stringify(settings)],
    nodeOptions: ['--expose-gc'],
  });
}

/** The memory of one subject at each of these counts of open sockets, which grow. */
export async function measureMemory(
  name: SubjectName,
  { settings, people }: Pick<Backends, 'settings' | 'people'>,
  counts: readonly number[],
): Promise<Footprint[]> {
  await using subject = await startSubject(name, settings);
  await using load = new Child({ file: join(import.meta.dirname, 'load-process.ts'), values: [] });
  const footprints: Footprint[] = [];
  let opened = 0;
  for (const sockets of counts) {
    const opening: Opening = { name, port: subject.port, people: people.slice(opened, sockets) };
    const reply = (await load.ask(opening, openLimitMs)) as Opened;
    if (reply.kind === 'failed') throw new Error(`the clients of ${name}: ${reply.reason}`);
    if (reply.open !== sockets) throw new Error(`${name}: ${reply.open} sockets of ${sockets}`);
    opened = sockets;
    await delay(restMs);
    const memory = (await subject.ask('memory', answerLimitMs)) as Memory;
    footprints.push({ sockets, ...memory });
  }
  return footprints;
}
