/**
 * The load generator, in a process of its own. Open loop: requests are due at a fixed rate,
 * whatever becomes of the earlier ones, and their latency counts from when they were due. A client
 * that waits for each reply would send nothing while the server hangs, and so would not measure
 * that (coordinated omission). Closed loop: a fixed number of clients, each of which does wait.
 */
import { endWithParent, epochMs, tellParent } from '../support/child.ts';
import { send } from './request.ts';
import type { Sample } from './sample.ts';

export type Load =
  | { readonly kind: 'open'; readonly port: number; readonly ratePerSecond: number }
  | { readonly kind: 'closed'; readonly port: number; readonly clients: number };
export type LoadMessage = Load | { readonly kind: 'stop' };

const samples: Sample[] = [];
const pending = new Set<Promise<void>>();
let stopped = false;

function track(sample: Promise<Sample>): void {
  const noted = sample.then((one) => {
    samples.push(one);
    pending.delete(noted);
  });
  pending.add(noted);
}

function openLoop(port: number, ratePerSecond: number): void {
  const intervalMs = 1000 / ratePerSecond;
  let dueMs = epochMs();
  const timer = setInterval(() => {
    if (stopped) {
      clearInterval(timer);
      return;
    }
    for (const now = epochMs(); dueMs <= now; dueMs += intervalMs) track(send(port, dueMs));
  }, 1);
}

async function closedLoop(port: number): Promise<void> {
  while (!stopped) samples.push(await send(port, epochMs()));
}

async function stop(): Promise<void> {
  stopped = true;
  await Promise.all(pending);
  tellParent({ kind: 'samples', samples });
}

endWithParent();
process.on('message', (message: LoadMessage) => {
  if (message.kind === 'open') openLoop(message.port, message.ratePerSecond);
  else if (message.kind === 'stop') void stop();
  else
    for (let client = 0; client < message.clients; client += 1)
      pending.add(closedLoop(message.port));
});
