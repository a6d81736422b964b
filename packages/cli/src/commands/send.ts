import { randomUUID } from 'node:crypto';
import { conversationHelp, conversationIdOf } from '../chat/conversation.ts';
import { type Sending, sendByOutbox } from '../chat/outgoing.ts';
import { whileSending } from '../chat/with-outbox.ts';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { connectSignedIn } from '../session/connect.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { readAll } from '../terminal/read-all.ts';

interface SendCommandOptions extends GlobalOptions {
  readonly wait: number;
}

/** More than any message may have. */
const inputMaxBytes = 1024 ** 2;

/** `send`: a message, which the outbox keeps until it is sent. */
export const addSend: AddCommand = (program, context) => {
  program
    .command('send')
    .summary('send a message, and keep it in the outbox if it cannot be sent')
    .description(
      'Send a message. It is stored once, however often it is sent. If the server cannot be reached or refuses for now, the message stays in the outbox: the next "send", or "outbox send", sends it, in order.',
    )
    .argument('<conversation>', conversationHelp)
    .argument('[text]', 'the message (default: everything on the input)')
    .option('--wait <seconds>', 'how long to try', wholeNumber(0, 600), 10)
    .addHelpText('after', examples)
    .action(async (conversation: string, text: string | undefined, _options, command) => {
      const options: SendCommandOptions = command.optsWithGlobals();
      const content = text ?? (await inputOf(context));
      if (content === '') throw new UsageError('The message is empty; expected a text.');
      await send({ conversation, content }, context, options);
    });
};

const examples = `
Examples:
  secureconnect send @bob "See you at noon."
  git log -1 | secureconnect send 5f0c…

The id of the message is printed; with --json the message, or {"state":"waiting"} with its id in the
outbox. Exit code 5 or 6: it is in the outbox.`;

async function inputOf({ terminal }: CommandContext): Promise<string> {
  const text = await readAll(terminal.input, inputMaxBytes);
  return text.replace(/\r?\n$/, '');
}

async function send(
  { content, conversation }: { readonly content: string; readonly conversation: string },
  context: CommandContext,
  options: SendCommandOptions,
): Promise<void> {
  const { signal, terminal } = context;
  const { request } = await connectSignedIn(context, options);
  const conversationId = await conversationIdOf(conversation, request, signal);
  const message = {
    ...{ conversation_id: conversationId, content },
    client_message_id: randomUUID(),
  };
  const waitMs = options.wait * 1000;
  const sending = await whileSending(context, options, (chat) =>
    sendByOutbox(message, { chat, request, waitMs, signal }),
  );
  if (sending.state === 'waiting') throw waitingError(sending, context, options);
  if (options.json) terminal.writeJson({ state: 'sent', ...sending.message });
  else terminal.writeLine(sending.message.message_id);
}

function waitingError(
  { cause, id }: Extract<Sending, { readonly state: 'waiting' }>,
  { signal, terminal }: CommandContext,
  { json }: SendCommandOptions,
): CommandError {
  if (json) terminal.writeJson({ state: 'waiting', client_message_id: id });
  const kept = `The message is in the outbox (${id}); "secureconnect outbox send" sends it.`;
  if (signal.aborted) return new CommandError(exitCodes.interrupted, kept);
  const { code, line } = failureOf(cause);
  return new CommandError(code, `${line} ${kept}`);
}
