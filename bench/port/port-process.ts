/** `node --expose-gc port-process.ts TASK`: measures one wrapper and tells the parent. */
import { DegradedMode } from '@secureconnect/degraded-mode';
import { endWithParent, tellParent } from '../support/child.ts';
import type { PortFigures, Task } from './names.ts';
import { type MakeRequest, wrapped } from './wrapped.ts';

const warmUpCalls = 100_000;
/** So many that the young generation holds all that they leave. */
const callsForBytes = 20_000;

function newMode(portLimitMs: number): DegradedMode {
  const mode = new DegradedMode({ service: 'bench', classify: () => undefined, portLimitMs });
  mode.availability.recordProbe();
  mode.availability.recovering();
  mode.availability.recovered();
  return mode;
}

async function request(make: MakeRequest, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await make('ada');
}

/** CPU time of all threads per call, in microseconds. */
async function microsecondsEach(make: MakeRequest, calls: number): Promise<number> {
  const before = process.cpuUsage();
  await request(make, calls);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function bytesEach(make: MakeRequest): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await request(make, callsForBytes);
  return (process.memoryUsage().heapUsed - before) / callsForBytes;
}

async function figures({ wrapper, calls }: Task): Promise<PortFigures> {
  const make = wrapped(wrapper, newMode);
  await request(make, warmUpCalls);
  return { bytes: await bytesEach(make), microseconds: await microsecondsEach(make, calls) };
}

endWithParent();
const task = JSON.parse(process.argv[2] ?? '') as Task;
tellParent(await figures(task));
process.exit(0);
