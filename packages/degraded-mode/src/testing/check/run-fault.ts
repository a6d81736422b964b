import type { AppProcess } from './app-process.ts';
import type { AppRow } from './app-table.ts';
import type { CheckFault, Way } from './check-faults.ts';
import type { Findings, Seen } from './findings.ts';
import { type Expected, judge, type Reply } from './outcome.ts';
import { type CheckedApp, prepare, type ReadyRequest, type RowSample } from './sample.ts';
import { send } from './send.ts';

/** What the app does while Redis is up, as it was seen first. */
export interface Baseline {
  readonly samples: readonly RowSample[];
  readonly middleware: readonly AppRow[];
  /** The status of each sample, by its number. */
  readonly statuses: Map<number, number>;
}

export interface Trial extends Baseline {
  readonly findings: Findings;
  readonly limitMs: number;
  readonly way: Way;
  startApp(): Promise<AppProcess>;
}

/** How long an app may take to notice an outage or its end. */
const noticeLimitMs = 20_000;

/** Sends each sample while Redis is up, and notes its status. */
export async function runNormal(trial: Trial): Promise<void> {
  await using app = await trial.startApp();
  const checked = await untilUp(app, trial);
  await phase(app, trial, await prepareAll(trial, checked), 'normal');
}

/** Sends each sample at the moment of a fault, throughout it and after it, to an app of its own. */
export async function runFault(fault: CheckFault, trial: Trial): Promise<void> {
  const { way } = trial;
  if (fault.atBoot) await fault.begin(way);
  await using app = await trial.startApp();
  const checked = fault.atBoot ? checkedApp(app, trial) : await untilUp(app, trial);
  // What functions prepare needs an app with Redis.
  const samples = trial.samples.map((sample, number) => ({ ...sample, number }));
  const usable = samples.filter(({ sample }) => !fault.atBoot || typeof sample !== 'function');
  for (const { row } of samples) if (fault.atBoot) trial.findings.saw(row.route);
  const prepareUsable = () =>
    Promise.all(usable.map((sample) => prepare(sample, sample.number, checked)));
  const atOnce = await prepareUsable();
  const throughout = await prepareUsable();
  const after = await prepareUsable();

  if (!fault.atBoot) await fault.begin(way);
  const refused = await phase(app, trial, atOnce, fault.expected);
  if (fault.expected === 'degraded' && !(await app.says(true, noticeLimitMs))) {
    throw new Error('the app does not say that it is degraded');
  }
  refused.push(...(await phase(app, trial, throughout, fault.expected)));

  await fault.end(way);
  if (!(await app.says(false, noticeLimitMs))) {
    throw new Error(`the app does not recover${ended(app)}`);
  }
  // A refusal means that nothing happened: the very same request succeeds now.
  if (fault.losesData) await phase(app, trial, await prepareUsable(), 'normal');
  else await phase(app, trial, [...refused, ...withoutRows(after, refused)], 'normal');
}

function withoutRows(requests: readonly ReadyRequest[], refused: readonly ReadyRequest[]) {
  return requests.filter(({ sample }) => !refused.some((one) => one.sample === sample));
}

function prepareAll({ samples }: Trial, app: CheckedApp): Promise<ReadyRequest[]> {
  return Promise.all(samples.map((sample, number) => prepare(sample, number, app)));
}

function checkedApp({ url }: AppProcess, { way }: Trial): CheckedApp {
  return { url, redisUrl: way.redis.url };
}

async function untilUp(app: AppProcess, trial: Trial): Promise<CheckedApp> {
  if (await app.says(false, noticeLimitMs)) return checkedApp(app, trial);
  throw new Error(`the app says that it is degraded, although Redis is up${ended(app)}`);
}

function ended({ ending }: AppProcess): string {
  return ending === undefined ? '' : `: its process ended (${ending})`;
}

/** Sends requests one after another; returns those that were refused. */
async function phase(
  app: AppProcess,
  trial: Trial,
  requests: readonly ReadyRequest[],
  expected: Expected,
): Promise<ReadyRequest[]> {
  const refused: ReadyRequest[] = [];
  for (const request of requests) {
    const { route } = request.row;
    await trial.findings.attempt(route, async () => {
      if (app.ending !== undefined) throw new Error(`the process of the app${ended(app)}`);
      const { reply, seen } =
        expected === 'normal'
          ? await sendUntilNormal(app, trial, request)
          : await sendOne(app, trial, request, expected);
      trial.findings.saw(route, seen);
      if (reply.status === 503) refused.push(request);
    });
  }
  return refused;
}

/** On a busy machine, Redis may be too slow for a request although it is up. */
const maxTries = 5;

/**
 * Sends a request until Redis serves it. What is refused or substituted meanwhile must be as declared;
 * a refused request is sent again, for a substituted one there is a new one.
 */
async function sendUntilNormal(app: AppProcess, trial: Trial, first: ReadyRequest): Promise<Sent> {
  let request = first;
  for (let tries = 1; tries < maxTries; tries += 1) {
    const sent = await sendOne(app, trial, request, 'either');
    if (sent.seen === 'served') return sent;
    const checked = await untilUp(app, trial);
    const sample = trial.samples[request.sample];
    if (sent.seen === 'substituted' && sample !== undefined) {
      request = await prepare(sample, request.sample, checked);
    }
  }
  return sendOne(app, trial, request, 'normal');
}

/** A reply that was as declared. */
interface Sent {
  readonly reply: Reply;
  readonly seen: Seen;
}

/** @throws Error with what is not as declared */
async function sendOne(
  app: AppProcess,
  trial: Trial,
  request: ReadyRequest,
  expected: Expected,
): Promise<Sent> {
  const { middleware, statuses } = trial;
  const checked = checkedApp(app, trial);
  const before = await request.effect?.(checked);
  const reply = await send(app.url, request, trial.limitMs);
  const after = await request.effect?.(checked);
  const status = statuses.get(request.sample) ?? statusOf(request, reply);
  const judged = judge(request, reply, { expected, status, middleware });
  if (expected !== 'degraded' && reply.status < 400) statuses.set(request.sample, reply.status);
  const said = [judged.wrong, wrongEffect(reply, before, after)].filter((one) => one !== undefined);
  if (judged.seen === undefined || said.length > 0) throw new Error(said.join('; '));
  return { reply, seen: judged.seen };
}

/** The first status of a sample is the one to keep, if it is one of success. */
function statusOf({ path }: ReadyRequest, { status, text }: Reply): number {
  if (status < 400 || status === 503) return status;
  throw new Error(`${path} answers ${status} while Redis is up: ${text.slice(0, 120)}`);
}

function wrongEffect(
  { status, named }: Reply,
  before: number | undefined,
  after: number | undefined,
): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  const times = after - before;
  if (status >= 400) return times === 0 ? undefined : `${status}, but it had its effect`;
  if (times === 1 || named.some((name) => name.endsWith('=skip'))) return undefined;
  return `${status}, but its effect happened ${times} times`;
}
