import { MemoryStore, type Schemas } from '@secureconnect/client';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { fleetLines, isNormal } from '../fleet/fleet-view.ts';
import { Screen } from '../fleet/screen.ts';
import { type Connection, connect } from '../session/connect.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { paintFor } from '../terminal/style.ts';
import { timeIsOver } from '../terminal/time-is-over.ts';

interface DegradedOptions extends GlobalOptions {
  readonly all?: boolean;
  readonly once?: boolean;
  readonly watch?: boolean;
  readonly every: number;
}

type Fleet = Schemas['FleetTable'];

/** `degraded`: what each route of each service does now, and why. */
export const addDegraded: AddCommand = (program, context) => {
  program
    .command('degraded')
    .summary('show what each route does now, on all instances, and why')
    .description(
      'Show all instances of all services, and the rows that are not normal: since when, why, what they do without their dependency, and how often that was used. Nobody needs to be signed in.',
    )
    .option('--all', 'also the rows that are normal')
    .option('--once', 'show it once (default where the output is no terminal)')
    .option('--watch', 'show it again and again until Ctrl-C (default on a terminal)')
    .option('--every <seconds>', 'how often to ask', wholeNumber(1, 3600), 2)
    .addHelpText('after', afterHelp)
    .action(async (_options, command) => degraded(context, command.optsWithGlobals()));
};

const afterHelp = `
Exit code 0: everything is normal; 1: an instance is degraded or cannot be reached. With --json, the fleet
of GET /v1/degraded?fleet=true on a line.`;

async function degraded(context: CommandContext, options: DegradedOptions): Promise<void> {
  if (options.once && options.watch)
    throw new UsageError('--once and --watch are both set; expected one of them.');
  // Without the session: to renew it is what an outage refuses.
  const { request } = await connect(context, options, { view: () => new MemoryStore() });
  const isTerminal = context.terminal.output.isTTY === true;
  const isWatching = options.watch ?? (!options.once && isTerminal && !options.json);
  const ask = () => fleetOf(request, options, context.signal);
  if (isWatching) return watch(ask, context, options);
  const fleet = await ask();
  if (options.json) context.terminal.writeJson(fleet);
  else context.terminal.writeLines(linesOf(fleet, context));
  if (!isNormal(fleet)) context.endWith(exitCodes.found);
}

async function fleetOf(
  request: Connection['request'],
  { all }: DegradedOptions,
  signal: AbortSignal,
): Promise<Fleet> {
  const query = { fleet: 'true', rows: all === true ? 'all' : 'unusual' } as const;
  const options = { signal, retryForMs: 0, timeoutMs: 5000 };
  const { fleet } = await request('GET /v1/degraded', { query }, options);
  if (fleet === undefined)
    throw new UsageError('The reply has no fleet: expected --url to be that of a gateway.');
  return fleet;
}

/** Until Ctrl-C; ends with the code of what was seen last. */
async function watch(
  ask: () => Promise<Fleet>,
  context: CommandContext,
  { every, json }: DegradedOptions,
): Promise<void> {
  const { endWith, signal, terminal } = context;
  const screen = new Screen(terminal);
  let lines: readonly string[] = [];
  while (!signal.aborted) {
    try {
      const fleet = await ask();
      endWith(isNormal(fleet) ? exitCodes.done : exitCodes.found);
      lines = linesOf(fleet, context);
      if (json) terminal.writeJson(fleet);
      else screen.show(lines, keyOf(fleet));
    } catch (error) {
      if (signal.aborted) return;
      const { code, line } = failureOf(error);
      endWith(code);
      if (json) terminal.note(`error: ${line}`);
      else screen.show([`Outdated: ${line}`, '', ...lines], line);
    }
    await timeIsOver(every * 1000, signal);
  }
}

function linesOf(fleet: Fleet, { terminal }: CommandContext): readonly string[] {
  return fleetLines(fleet, Date.now(), paintFor(terminal, terminal.output));
}

/** Changes with what is shown, and not with each use of a fallback. */
function keyOf({ instances, rows }: Fleet): string {
  const shown = rows.map((row) => [row.service, row.route, row.instances]);
  return JSON.stringify([instances, shown]);
}
