/**
 * `npm run scaling -- [--users 250000 …] [--messagesPerDay 60 …]`: what a deployment for so many users
 * needs, from the measured figures of docs/benchmarks.md and assumptions that options replace.
 * `--write` renews docs/scaling.md, with the assumptions as they are.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measuredCosts } from './scaling/costs.ts';
import { withScaling } from './scaling/document.ts';
import { assumptionTable, instanceTable, planTable, shownUsers } from './scaling/tables.ts';
import { assumptions, defaultWorkload, type Workload } from './scaling/workload.ts';

const names = Object.keys(assumptions) as (keyof Workload)[];
const { values } = parseArgs({
  options: {
    users: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  },
});

/** @throws Error for what is no positive number */
function positive(option: string, given: unknown): number {
  const value = Number(given);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${option} is "${given}"; expected a number above 0.`);
}

const given = values as Readonly<Record<string, unknown>>;
const replaced = names.filter((name) => given[name] !== undefined);
const workload: Workload = {
  ...defaultWorkload,
  ...Object.fromEntries(replaced.map((name) => [name, positive(name, given[name])])),
};
const users = values.users?.map((count) => positive('users', count)) ?? shownUsers;
const costs = measuredCosts();

if (values.help) {
  for (const name of names) {
    console.log(`--${name}: ${assumptions[name].says} (${assumptions[name].default})`);
  }
} else if (values.write) {
  const path = join(import.meta.dirname, '../docs/scaling.md');
  writeFileSync(
    path,
    withScaling(readFileSync(path, 'utf8'), { workload: defaultWorkload, costs }),
  );
} else {
  const parts = [instanceTable(costs, workload), planTable(users, { workload, costs })];
  console.log([...parts, assumptionTable(workload)].join('\n\n'));
}
