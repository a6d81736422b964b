import { conversationHelp, conversationIdOf } from '../chat/conversation.ts';
import { follow } from '../chat/follow.ts';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { connectSignedIn } from '../session/connect.ts';

interface TailOptions extends GlobalOptions {
  readonly fromNow?: boolean;
}

/** `tail`: what happens in conversations, as it happens, without a gap over restarts. */
export const addTail: AddCommand = (program, context) => {
  program
    .command('tail')
    .summary('follow your conversations live; goes on where it ended')
    .description(
      'Show what happens in your conversations, or in one of them, as it happens. When it is run again, it first shows what was missed. Ctrl-C ends it.',
    )
    .argument('[conversation]', conversationHelp)
    .option('--from-now', 'do not show what was missed')
    .addHelpText('after', afterHelp)
    .action(async (conversation: string | undefined, _options, command) => {
      await tail(conversation, context, command.optsWithGlobals());
    });
};

const afterHelp = `
With --json, one event a line, also those of typing and reading. The place is kept for each conversation
apart, and for all of them. Of two processes that follow the same, the first one keeps the place.`;

async function tail(
  conversation: string | undefined,
  context: CommandContext,
  options: TailOptions,
): Promise<void> {
  const { signal, terminal } = context;
  const { locks, request } = await connectSignedIn(context, options);
  const conversationId =
    conversation === undefined ? undefined : await conversationIdOf(conversation, request, signal);
  const name = conversationId ?? 'all';
  const followFrom = (isKept: boolean) => {
    const place = { name, isKept, beginsNow: options.fromNow === true };
    return follow(context, { ...options, place, conversationId });
  };
  if (await locks.tryHold(`tail/${name}`, () => followFrom(true))) return;
  terminal.note('Another process follows the same: this one begins now, and keeps no place.');
  await followFrom(false);
}
