import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '@secureconnect/embedded';
import { cacheFolder } from '@secureconnect/testkit';

const run = promisify(execFile);
const built = join(cacheFolder(), 'bin/helm');
const program = findProgram('helm') ?? (existsSync(built) ? built : undefined);

export const chart = join(import.meta.dirname, '../../deploy/helm/secureconnect');

/** The path of a file of the chart. */
export function chartFile(file: string): string {
  return join(chart, file);
}

/** Why tests with Helm are skipped; '' if they can run. */
export const helmSkipReason =
  program === undefined ? ' (left out: install helm 3, as .ci/run does)' : '';

/** Runs Helm and returns its output. Throws an Error with its error output. */
export async function helm(...values: readonly string[]): Promise<string> {
  if (program === undefined) throw new Error('There is no helm.');
  const { stdout } = await run(program, values, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** A file of values, for the option `--values`. */
export interface ValuesFile extends AsyncDisposable {
  readonly path: string;
}

export async function valuesFile(values: object): Promise<ValuesFile> {
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-values-'));
  const path = join(folder, 'values.json');
  await writeFile(path, JSON.stringify(values));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** What the chart renders to with these values. A Helm from source does not know its Kubernetes. */
export async function rendered(values: object, namespace = 'secureconnect'): Promise<string> {
  await using file = await valuesFile(values);
  const options = ['--namespace', namespace, '--kube-version', '1.34.0'];
  return await helm('template', 'secureconnect', chart, ...options, '--values', file.path);
}
