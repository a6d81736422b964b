// Effects whose workers are killed at random: npm run soak:outbox -- --effects 10000
import { parseArgs } from 'node:util';
import { migrateServices } from '@secureconnect/postgres/testing';
import { startChaosBackends } from '../../scripts/chaos/backends.ts';
import { runRandomKills } from './random-kills.ts';

const { values } = parseArgs({
  options: {
    effects: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '4' },
    'kill-every-ms': { type: 'string', default: '250' },
  },
});
const [effects, workers, killEveryMs] = [
  values.effects,
  values.workers,
  values['kill-every-ms'],
].map(Number);
if (!(Number(effects) >= 1 && Number(workers) >= 1 && Number(killEveryMs) >= 1)) {
  process.stderr.write('--effects, --workers and --kill-every-ms are numbers from 1\n');
  process.exit(2);
}
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

await using backends = await startChaosBackends(say);
await migrateServices(backends.databaseUrl, ['auth']);
const { lost, doubled, unknown, unfinished, kills, seconds } = await runRandomKills({
  databaseUrl: backends.databaseUrl,
  effects: Number(effects),
  workers: Number(workers),
  killEveryMs: Number(killEveryMs),
  timeoutMs: 1_800_000,
});
say(`
effects                        ${effects} in ${seconds.toFixed(0)} s
workers killed                 ${kills}
lost, unfinished               ${lost.length}, ${unfinished}
delivered though rolled back   ${unknown.length}
delivered twice, by one key    ${doubled.length}`);
if (lost.length + unfinished + unknown.length > 0) process.exitCode = 1;
