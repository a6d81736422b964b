import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultProxy } from '../faults/fault-proxy.ts';
import { ownRedis } from '../servers/own-redis.ts';
import { type AppOptions, AppProcess } from './app-process.ts';
import { type CheckFault, checkFaults } from './check-faults.ts';
import { Findings } from './findings.ts';
import { CheckReport } from './report.ts';
import { type Baseline, runFault, runNormal, type Trial } from './run-fault.ts';
import { type Samples, samplesOfRows } from './sample.ts';

export interface CheckOptions extends Partial<AppOptions> {
  /** The program of the app and its arguments: `['node', 'app.ts']`. */
  readonly command: readonly string[];
  /** By the routes of rows; a route without parameters needs none. */
  readonly samples?: Samples;
  /** Values for the parameters of paths, by their names. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Faults whose name has one of these words. Default all. */
  readonly faults?: readonly string[];
  /** No request may take longer. Default 2,000. */
  readonly limitMs?: number;
  /** How many faults are tried side by side, each with an app and a Redis of its own. Default 1. */
  readonly jobs?: number;
  /** Called with the name of each fault when it has been tried. */
  readonly onTried?: (fault: string) => void;
}

const normalName = 'Redis is up';

const defaults = {
  redisVariable: 'REDIS_URL',
  portVariable: 'PORT',
  tablePath: '/v1/degraded',
  startLimitMs: 15_000,
};

/**
 * Starts an app over a real Redis of its own, sends the samples of its rows through every fault, and
 * compares each reply with what its row declares.
 * @throws Error if there is no Redis on PATH, or the app does not start
 */
export async function checkApp(options: CheckOptions): Promise<CheckReport> {
  const chosen = chooseFaults(options.faults);
  const folder = await mkdtemp(join(tmpdir(), 'degraded-mode-check-'));
  const findings = new Map<string, Findings>();
  try {
    const { baseline, missing } = await firstLook(options, folder, findings);
    const left = chosen.entries();
    const work = async (): Promise<void> => {
      for (const [, fault] of left) {
        await tryOut(fault.name, { options, folder, findings, baseline }, (trial) =>
          runFault(fault, trial),
        );
      }
    };
    await Promise.all(Array.from({ length: options.jobs ?? 1 }, work));
    const rows = [...new Set([...baseline.samples.map(({ row }) => row.route), ...missing])];
    return new CheckReport({
      rows,
      modes: [normalName, ...chosen.map(({ name }) => name)],
      findings,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function chooseFaults(words: readonly string[] | undefined): readonly CheckFault[] {
  if (words === undefined) return checkFaults;
  for (const word of words) {
    if (checkFaults.some(({ name }) => name.includes(word))) continue;
    const names = checkFaults.map(({ name }) => name).join('; ');
    throw new Error(`there is no fault ${word}; the faults are: ${names}`);
  }
  return checkFaults.filter(({ name }) => words.some((word) => name.includes(word)));
}

interface Surroundings {
  readonly options: CheckOptions;
  readonly folder: string;
  readonly findings: Map<string, Findings>;
  readonly baseline: Baseline;
}

/** Reads the rows of the app and sends their samples while Redis is up. */
async function firstLook(
  options: CheckOptions,
  folder: string,
  findings: Map<string, Findings>,
): Promise<{ baseline: Baseline; missing: readonly string[] }> {
  const empty: Baseline = { samples: [], middleware: [], statuses: new Map() };
  const { rows } = await withWay({ options, folder, findings, baseline: empty }, async (trial) => {
    await using app = await trial.startApp();
    return await app.table();
  });
  const { samples, missing } = samplesOfRows(rows, options.samples ?? {}, options.parameters ?? {});
  const middleware = rows.filter(({ method }) => method === undefined);
  const baseline = { ...empty, samples, middleware };
  await tryOut(normalName, { options, folder, findings, baseline }, runNormal);
  return { baseline, missing };
}

/** Runs the trial of a fault; what goes wrong as a whole is a finding of each row. */
async function tryOut(
  name: string,
  surroundings: Surroundings,
  run: (trial: Trial) => Promise<void>,
): Promise<void> {
  const found = new Findings();
  surroundings.findings.set(name, found);
  try {
    await withWay(surroundings, (trial) => run({ ...trial, findings: found }));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    for (const { row } of surroundings.baseline.samples) found.wrong(row.route, what);
  }
  surroundings.options.onTried?.(name);
}

/** A Redis of its own, behind a proxy. */
async function withWay<T>(
  { options, folder, findings, baseline }: Surroundings,
  run: (trial: Trial) => Promise<T>,
): Promise<T> {
  await using redis = await ownRedis();
  await using proxy = await FaultProxy.start(redis.port);
  const settings: AppOptions = { ...defaults, ...options };
  const log = join(folder, `${findings.size}-${redis.port}.log`);
  return await run({
    ...baseline,
    findings: new Findings(),
    limitMs: options.limitMs ?? 2000,
    way: { redis, proxy },
    startApp: () => AppProcess.start(settings, proxy.url, log),
  });
}
