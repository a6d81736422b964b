import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChaosBackends } from '../../scripts/chaos/backends.ts';
import type { History } from './history.ts';
import { invariants } from './invariants/index.ts';
import { type Profile, profiles } from './profile.ts';
import { applicationLine, historyJson, isFailed, outcomeTable, verdictLines } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { describeFault, faultSchedule } from './schedule.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    profile: { type: 'string', default: 'everything' },
  },
});
const seed = values.seed ?? String(Date.now() % 1_000_000);
const minutes = Number(values.minutes);
/** Beyond this the tokens of the first minute expire. */
const mostMinutes = 50;
if (!(minutes > 0 && minutes <= mostMinutes)) {
  say(`--minutes is a number above 0, up to ${mostMinutes}`);
  process.exit(2);
}
const profile = profiles.find(({ name }) => name === values.profile);
if (profile === undefined) {
  say(`--profile is one of ${profiles.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const durationMs = minutes * 60_000;
const progressMs = 5000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function history(profile: Profile): Promise<History> {
  await using backends = await startChaosBackends(say);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await runChaos({
      ...{ profile, seed, durationMs, redis: backends.redis, databaseUrl: backends.databaseUrl },
      announce: (line) => say(`fault at${line}`),
      watch(growing, now) {
        timer = setInterval(() => {
          const { operations, sockets } = growing;
          const count = `${operations.length} operations, ${sockets.length} sockets`;
          say(`${(now() / 1000).toFixed(1).padStart(6)} s  ${count}`);
        }, progressMs);
      },
    });
  } finally {
    clearInterval(timer);
  }
}

say(`chaos, ${profile.name}: seed ${seed}, ${minutes} min. The faults of this seed:`);
for (const fault of faultSchedule(seed, durationMs, profile)) say(describeFault(fault));

const happened = await history(profile);
say('\noperations and their outcomes:');
for (const line of outcomeTable(happened.operations)) say(line);
say('');
let failed = 0;
for (const invariant of invariants) {
  const verdict = invariant.judge(happened);
  if (isFailed(invariant, verdict, profile)) failed += 1;
  for (const line of verdictLines(invariant, verdict, profile)) say(line);
}
const throughClient = applicationLine(happened);
if (throughClient !== undefined) say(throughClient);
if (failed > 0) {
  const file = join(tmpdir(), `chaos-${seed}-${process.pid}.json`);
  writeFileSync(file, historyJson(happened));
  say(`\nthe whole history: ${file}`);
  process.exitCode = 1;
}
say(
  `to replay the faults: npm run chaos -- --profile ${profile.name} --seed ${seed} --minutes ${minutes}`,
);
