/**
 * `npm run bench:alerts [-- --runs 5] [--quick]`: alerts a second at one gateway and at two, new ones,
 * duplicates and storms, beside the least that could take them. Writes its section of
 * docs/benchmarks.md; `--quick` makes one short run, prints and writes nothing.
 */
import { measure } from './alerts/measure.ts';
import {
  type Figures,
  type ReceiverName,
  receiverNames,
  type TrafficName,
  trafficNames,
} from './alerts/names.ts';
import { startReceiver } from './alerts/receivers.ts';
import { openScene, type Scene } from './alerts/scene.ts';
import { type AlertsRun, alertsTables } from './alerts/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { digits, milliseconds } from './support/markdown.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const [warmUpSeconds, seconds] = quick ? [0.5, 1] : [2, 5];
const senders = 16;
const machine = `${describeMachine()}, ${describeRedis()}`;

/** All kinds of traffic at one receiver, in new processes. */
async function runReceiver(name: ReceiverName, scene: Scene, run: number) {
  await using receiver = await startReceiver(name, scene);
  const figures: [TrafficName, Figures][] = [];
  for (const traffic of trafficNames) {
    await scene.empty();
    const label = `${run}-${receiverNames.indexOf(name)}`;
    const { urls } = receiver;
    const load = { urls, token: scene.token, traffic, label, senders, warmUpSeconds, seconds };
    const measured = await measure(load);
    figures.push([traffic, measured]);
    const { perSecond, p99Ms, refused } = measured;
    console.log(
      `${run + 1}/${count} ${name}, ${traffic}: ${digits(Math.round(perSecond))}/s, p99 ${milliseconds(p99Ms)}, ${refused} refused`,
    );
  }
  return Object.fromEntries(figures) as Record<TrafficName, Figures>;
}

exitOnSignals();
const runs: AlertsRun[] = [];
{
  await using scene = await openScene();
  for (let run = 0; run < count; run += 1) {
    // Alternating orders: the first in one run is the last in the next.
    const inTurn = run % 2 === 0 ? receiverNames : receiverNames.toReversed();
    const all: [ReceiverName, AlertsRun[ReceiverName]][] = [];
    for (const name of inTurn) all.push([name, await runReceiver(name, scene, run)]);
    runs.push(Object.fromEntries(all) as Record<ReceiverName, AlertsRun[ReceiverName]>);
  }
}

const tables = alertsTables({ runs, senders, machine });
console.log(`\n${tables}`);
if (!quick) writeSection('alerts', tables);
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(0);
