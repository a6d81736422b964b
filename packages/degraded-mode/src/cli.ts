#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkApp } from './testing/check/check-app.ts';
import type { Samples } from './testing/check/sample.ts';

const help = `degraded-mode check APP [options]
degraded-mode check [options] -- COMMAND...

Starts the app with Node (or by the command) over a Redis of its own, sends each row's sample through
every fault of Redis, and prints what became of it. Ends with 1 if an outcome is not as declared, with
2 if it could not be tried. Needs redis-server or valkey-server on PATH.

  --samples FILE      a module whose default export has samples by route, or JSON
  --param NAME=VALUE  the value of a parameter in paths; may be repeated
  --faults WORDS      only faults whose name has one of these words, by commas
  --limit-ms NUMBER   no request may take longer (2000)
  --jobs NUMBER       faults tried side by side, each with an app of its own (1)
  --table PATH        where the app serves its table (/v1/degraded)
  --redis-env NAME    the app takes the URL of its Redis from this variable (REDIS_URL)
  --port-env NAME     the app takes its port from this variable (PORT)
`;

const text = { type: 'string' } as const;

async function main(words: readonly string[]): Promise<number> {
  const end = words.indexOf('--');
  const { values, positionals } = parseArgs({
    args: end < 0 ? [...words] : words.slice(0, end),
    allowPositionals: true,
    options: {
      ...{ samples: text, faults: text, 'limit-ms': text, jobs: text, table: text },
      ...{ 'redis-env': text, 'port-env': text, help: { type: 'boolean' } },
      param: { type: 'string', multiple: true, default: [] },
    },
  });
  const [verb, app, ...more] = positionals;
  const command = end < 0 ? [process.execPath, app ?? ''] : words.slice(end + 1);
  const isComplete = end < 0 ? app !== undefined : app === undefined && command.length > 0;
  if (values.help === true || verb !== 'check' || !isComplete || more.length > 0) {
    process.stdout.write(help);
    return values.help === true ? 0 : 2;
  }
  const given = {
    samples: values.samples === undefined ? undefined : await readSamples(values.samples),
    parameters: Object.fromEntries(values.param.map(pair)),
    faults: values.faults?.split(','),
    limitMs: number(values['limit-ms']),
    jobs: number(values.jobs),
    tablePath: values.table,
    redisVariable: values['redis-env'],
    portVariable: values['port-env'],
  };
  const onTried = (fault: string): void => void process.stderr.write(`tried: ${fault}\n`);
  const report = await checkApp({ command, onTried, ...withoutUndefined(given) });
  process.stdout.write(`${report}\n`);
  return report.wrong.length === 0 ? 0 : 1;
}

async function readSamples(file: string): Promise<Samples> {
  const path = resolve(file);
  if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'));
  const module: { readonly default?: Samples } = await import(pathToFileURL(path).href);
  if (module.default === undefined) throw new Error(`${file} has no default export`);
  return module.default;
}

function pair(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not NAME=VALUE: ${text}`);
  return [name, value];
}

function number(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!(Number(given) > 0)) throw new Error(`not a number above 0: ${given}`);
  return Number(given);
}

/** The type of an optional field has no undefined here. */
function withoutUndefined<T extends object>(given: T) {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
