// Alerts delivered to two gateways while Redis fails: npm run soak:alerts -- --deliveries 100000
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backendScripts, startSentinelSet } from '@secureconnect/testkit';
import { startChaosBackends } from '../../scripts/chaos/backends.ts';
import { checkHistory, goSkipReason } from './check-history.ts';
import { historyLines } from './history.ts';
import { redisSet, singleRedis } from './redis-ground.ts';
import { faultsFound, reportLines } from './report.ts';
import { runDeliveries } from './run-deliveries.ts';
import { storedRequests } from './stored-requests.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    alerts: { type: 'string', default: '500' },
    deliveries: { type: 'string', default: '10000' },
    resolved: { type: 'string', default: '100' },
    sentinels: { type: 'boolean', default: false },
  },
});
const seed = values.seed ?? String(Date.now() % 1_000_000);
const alerts = Number(values.alerts);
const deliveries = Number(values.deliveries);
const resolved = Number(values.resolved);
if (!(alerts >= 10 && deliveries >= alerts && resolved >= 0 && resolved <= alerts)) {
  say('--alerts is a number from 10, --deliveries one from that, --resolved one up to that');
  process.exit(2);
}
const scripts = backendScripts();
if (values.sentinels && scripts === undefined) {
  say('--sentinels needs SECURECONNECT_BACKENDS, the folder of scripts that start real backends');
  process.exit(2);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

say(`alert deliveries: seed ${seed}, ${deliveries} of ${alerts} alerts to two gateways`);
await using backends = await startChaosBackends(say);
const { databaseUrl } = backends;
await using set =
  values.sentinels && scripts !== undefined
    ? await startSentinelSet(scripts, { downAfterMs: 1000 })
    : undefined;
const ground = set === undefined ? singleRedis(backends.redis) : redisSet(set);
const options = { seed, alerts, deliveries, resolved, ground, databaseUrl };
const run = await runDeliveries({ ...options, announce: say });
const verdict = goSkipReason === '' ? await checkHistory(run.history) : undefined;
const findings = { run, stored: await storedRequests(databaseUrl), verdict };
for (const line of ['', ...reportLines(findings)]) say(line);
const wrong = faultsFound(findings);
for (const line of wrong) say(line);
if (wrong.length > 0) {
  const file = join(tmpdir(), `alert-deliveries-${seed}-${process.pid}.jsonl`);
  writeFileSync(file, historyLines(run.history));
  say(`the whole history: ${file}`);
  process.exitCode = 1;
}
const which = set === undefined ? '' : ' --sentinels';
say(
  `to replay: npm run soak:alerts -- --seed ${seed} --alerts ${alerts} --deliveries ${deliveries} --resolved ${resolved}${which}`,
);
