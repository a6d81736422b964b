import type { ChatEvent, SocketEnd, SocketState } from '@secureconnect/client';
import type { CommandContext, GlobalOptions } from '../command.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { connectSignedIn } from '../session/connect.ts';
import { People } from '../session/people.ts';
import { withResolvers } from '../terminal/with-resolvers.ts';
import { lineOf } from './event-lines.ts';
import { type TailPlace, tailStore } from './tail-store.ts';

export interface FollowOptions extends GlobalOptions {
  readonly place: TailPlace;
  /** Undefined for all. */
  readonly conversationId: string | undefined;
}

const stateLines: Readonly<Partial<Record<SocketState, string>>> = {
  open: '(connected)',
  waiting: '(no connection; tries again)',
};

/**
 * Shows events until Ctrl-C. An event counts as seen when its line is written.
 * @throws CommandError where the server ends the connection for good
 */
export async function follow(context: CommandContext, options: FollowOptions): Promise<void> {
  const { signal, terminal } = context;
  const { conversationId, place } = options;
  const view = tailStore(place);
  const { client, request } = await connectSignedIn(context, options, { view });
  const people = new People(request);
  const over = withResolvers<SocketEnd>();
  const stop = () => over.resolve('closed here');
  signal.addEventListener('abort', stop, { once: true });
  const onEvent = async (event: ChatEvent) => {
    if (conversationId !== undefined && event.conversation_id !== conversationId) return;
    if (options.json) terminal.writeJson(event);
    else {
      const line = await lineOf(event, people);
      if (line !== undefined) terminal.writeLine(line);
    }
    await terminal.written();
  };
  const onState = (state: SocketState, end: SocketEnd = 'closed here') => {
    const line = stateLines[state];
    if (line !== undefined) terminal.note(line);
    if (state === 'closed') over.resolve(end);
  };
  const onGap = () =>
    terminal.note('(more was missed than the server keeps for this; it is in the histories)');
  await client.openChat({ onEvent, onState, onGap, onError: over.reject });
  try {
    if (signal.aborted) return;
    const end = await over.promise;
    if (end !== 'closed here') throw endedFor(end);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.close();
  }
}

function endedFor(end: Exclude<SocketEnd, 'closed here'>): CommandError {
  const reasons: Readonly<Record<typeof end, readonly [3 | 4, string]>> = {
    'signed out': [exitCodes.signedOut, 'The session has ended; run "secureconnect login".'],
    'not found': [exitCodes.refused, 'There is no such conversation, or you have left it.'],
    'too many conversations': [
      exitCodes.refused,
      'You take part in more conversations than one connection carries; name one of them.',
    ],
    replaced: [exitCodes.refused, 'Another connection of this session has taken the place.'],
  };
  return new CommandError(...reasons[end]);
}
