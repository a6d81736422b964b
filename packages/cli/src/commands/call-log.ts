import type { Schemas } from '@secureconnect/client';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { connectSignedIn } from '../session/connect.ts';
import { firstOf } from '../session/pages.ts';
import { People } from '../session/people.ts';
import { duration, localTime } from '../terminal/local-time.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { tableOf } from '../terminal/table.ts';

interface ListOptions extends GlobalOptions {
  readonly limit: number;
}

/** `call-log`: the calls of the signed-in user, the newest first. */
export const addCallLog: AddCommand = (program, context) => {
  program
    .command('call-log')
    .summary('list your calls, newest first')
    .description('List the calls that you have made, received or missed, the newest first.')
    .option('--limit <count>', 'the maximum to list', wholeNumber(1, 10_000), 20)
    .action(async (_options, command) => list(context, command.optsWithGlobals()));
};

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { signal, terminal } = context;
  const { request, userId } = await connectSignedIn(context, options);
  const calls = await firstOf(
    options.limit,
    (query) => request('GET /v1/calls', { query }, { signal }),
    (page) => page.calls,
  );
  if (options.json) {
    for (const call of calls) terminal.writeJson(call);
    return;
  }
  if (calls.length === 0) return terminal.note('There are no calls.');
  const people = new People(request);
  const rows = calls.map(async (call) => {
    const isOwn = call.caller_id === userId;
    const who = isOwn ? 'you' : await people.nameOf(call.caller_id);
    return [localTime(call.created_at), who, call.call_type, outcomeOf(call), lengthOf(call)];
  });
  const headings = ['BEGAN', 'CALLER', 'TYPE', 'OUTCOME', 'LENGTH'];
  terminal.writeLines(tableOf(headings, await Promise.all(rows)));
}

function outcomeOf({ end_reason: reason, status }: Schemas['PastCall']): string {
  return reason === undefined ? status : `${status}: ${reason.replaceAll('_', ' ')}`;
}

/** Of calls that were answered. */
function lengthOf({ answered_at: from, ended_at: to }: Schemas['PastCall']): string {
  if (from === undefined || to === undefined) return '';
  return duration(Date.parse(to) - Date.parse(from));
}
