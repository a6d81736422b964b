import type { Chat, Outcome } from '@secureconnect/client';
import { sendNow } from '../chat/outgoing.ts';
import { atRest, whileSending } from '../chat/with-outbox.ts';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Failure, failureOf } from '../failure.ts';
import { connectSignedIn } from '../session/connect.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { tableOf } from '../terminal/table.ts';
import { withinTime } from '../terminal/time-is-over.ts';
import { withResolvers } from '../terminal/with-resolvers.ts';

interface OutboxSendOptions extends GlobalOptions {
  readonly wait: number;
}

/** `outbox`: the messages that are not sent yet. */
export const addOutbox: AddCommand = (program, context) => {
  const outbox = program
    .command('outbox')
    .summary('list, send or remove the messages that are not sent yet')
    .description('The messages that "send" has kept because they could not be sent.');
  outbox
    .command('list', { isDefault: true })
    .description('List the messages in the outbox, the oldest first.')
    .action(async (_options, command) => list(context, command.optsWithGlobals()));
  outbox
    .command('send')
    .description('Send the messages in the outbox.')
    .option('--wait <seconds>', 'how long to try', wholeNumber(0, 600), 10)
    .action(async (_options, command) => send(context, command.optsWithGlobals()));
  outbox
    .command('remove')
    .description('Remove a message from the outbox.')
    .argument('<id>', 'the id of the message in the outbox')
    .action(async (id: string, _options, command) => {
      await remove(id, context, command.optsWithGlobals());
    });
};

async function list(context: CommandContext, options: GlobalOptions): Promise<void> {
  const { terminal } = context;
  const entries = await atRest(context, options, (outbox) => outbox.entries());
  if (options.json) {
    for (const entry of entries) terminal.writeJson(entry);
    return;
  }
  if (entries.length === 0) return terminal.note('The outbox is empty.');
  const rows = entries.map(({ id, message, refusal }) => {
    const state = refusal === undefined ? 'waiting' : `refused: ${refusal.message}`;
    return [id, message.conversation_id, state, message.content];
  });
  terminal.writeLines(tableOf(['ID', 'CONVERSATION', 'STATE', 'TEXT'], rows));
}

async function remove(id: string, context: CommandContext, options: GlobalOptions): Promise<void> {
  await atRest(context, options, async (outbox) => {
    const isThere = (await outbox.entries()).some((entry) => entry.id === id);
    if (!isThere)
      throw new UsageError(`There is no message "${id}" in the outbox; "outbox list" shows them.`);
    await outbox.remove(id);
  });
  if (options.json) context.terminal.writeJson({ id, removed: true });
  else context.terminal.writeLine(`Removed ${id}.`);
}

/** Those that were refused before stay as they are. */
async function send(context: CommandContext, options: OutboxSendOptions): Promise<void> {
  const { signal, terminal } = context;
  const entries = await atRest(context, options, (outbox) => outbox.entries());
  const waiting = new Set(entries.filter(({ refusal }) => !refusal).map(({ id }) => id));
  if (waiting.size === 0) return terminal.note('There is nothing to send.');
  const allSettled = withResolvers<true>();
  let areRefused = false;
  const onOutcome = (outcome: Outcome) => {
    tellOutcome(outcome, context, options);
    if ('refusal' in outcome) areRefused = true;
    waiting.delete(outcome.id);
    if (waiting.size === 0) allSettled.resolve(true);
  };
  const act = async (chat: Chat) =>
    (await withinTime(allSettled.promise, options.wait * 1000, signal)) ?? whyWaiting(chat);
  const whyWaiting = async (chat: Chat): Promise<Failure> => {
    if (signal.aborted) return { code: exitCodes.interrupted, line: 'Interrupted.' };
    const { request } = await connectSignedIn(context, options);
    for (const entry of await chat.outbox.entries()) {
      if (!waiting.has(entry.id)) continue;
      const sending = await sendNow(entry, { chat, request, signal });
      if (sending.state === 'waiting') return failureOf(sending.cause);
      onOutcome({ id: entry.id, message: sending.message });
    }
    return { code: exitCodes.done, line: '' };
  };
  const end = await whileSending(context, options, act, { onOutcome });
  if (waiting.size > 0 && end !== true)
    throw new CommandError(end.code, `${end.line} ${waiting.size} messages stay in the outbox.`);
  if (areRefused) throw new CommandError(exitCodes.refused, refusedLine);
}

const refusedLine =
  'The server refuses some of the messages for good; "outbox list" says why, and "outbox remove" removes them.';

function tellOutcome(
  outcome: Outcome,
  { terminal }: CommandContext,
  { json }: GlobalOptions,
): void {
  if ('refusal' in outcome) {
    const { code, message } = outcome.refusal;
    if (json) terminal.writeJson({ state: 'refused', id: outcome.id, code, message });
    else terminal.note(`refused: ${outcome.id}: ${safeLine(message)}`);
  } else if (json) terminal.writeJson({ state: 'sent', id: outcome.id, ...outcome.message });
  else terminal.writeLine(outcome.message.message_id);
}
