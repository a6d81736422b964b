import type { Schemas } from '@secureconnect/client';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { connectSignedIn } from '../session/connect.ts';
import { firstOf } from '../session/pages.ts';
import { People } from '../session/people.ts';
import { localTime } from '../terminal/local-time.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { tableOf } from '../terminal/table.ts';

interface ListOptions extends GlobalOptions {
  readonly limit: number;
}

/** `conversations`: those of the signed-in user, the newest first. */
export const addConversations: AddCommand = (program, context) => {
  program
    .command('conversations')
    .summary('list your conversations, newest first')
    .description('List your conversations, the newest first.')
    .option('--limit <count>', 'the maximum to list', wholeNumber(1, 10_000), 20)
    .action(async (_options, command) => list(context, command.optsWithGlobals()));
};

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { signal, terminal } = context;
  const { request, userId } = await connectSignedIn(context, options);
  const conversations = await firstOf(
    options.limit,
    (query) => request('GET /v1/conversations', { query }, { signal }),
    (page) => page.conversations,
  );
  if (options.json) {
    for (const conversation of conversations) terminal.writeJson(conversation);
    return;
  }
  if (conversations.length === 0) return terminal.note('There are no conversations.');
  const people = new People(request);
  const rows = conversations.map(async (conversation) => [
    conversation.conversation_id,
    conversation.type,
    await titleOf(conversation, userId, people),
    localTime(conversation.updated_at),
  ]);
  const headings = ['CONVERSATION', 'TYPE', 'WITH', 'LAST CHANGE'];
  terminal.writeLines(tableOf(headings, await Promise.all(rows)));
}

/** Of the participants without a title, so many are named. */
const namedMax = 4;

async function titleOf(
  { participants, title }: Schemas['Conversation'],
  userId: string,
  people: People,
): Promise<string> {
  if (title !== undefined) return title;
  const others = participants.filter((participant) => participant.user_id !== userId);
  const named = others.slice(0, namedMax).map((other) => people.nameOf(other.user_id));
  const more = others.length > namedMax ? [`${others.length - namedMax} more`] : [];
  return [...(await Promise.all(named)), ...more].join(', ');
}
