import type { ChatEvent } from '@secureconnect/client';
import type { People } from '../session/people.ts';
import { localTime } from '../terminal/local-time.ts';
import { safeLine } from '../terminal/safe-text.ts';

/**
 * An event for a person to read: the time, the beginning of the conversation's id, and what happened.
 * @returns undefined for events that only matter to a screen, such as typing
 */
export async function lineOf(event: ChatEvent, people: People): Promise<string | undefined> {
  const text = await textOf(event, people);
  if (text === undefined) return undefined;
  const place = event.conversation_id.slice(0, 8);
  return safeLine(`${localTime(event.at)}  ${place}  ${text}`);
}

async function textOf(event: ChatEvent, people: People): Promise<string | undefined> {
  const who = 'from' in event ? await people.nameOf(event.from) : '';
  switch (event.type) {
    case 'chat':
      return `${who}: ${contentOf(event.data)}`;
    case 'edited':
      return `${who} has edited: ${contentOf(event.data)}`;
    case 'deleted':
      return `${who} has deleted message ${event.data.message_id}`;
    case 'reaction': {
      const act = event.data.present ? 'reacts with' : 'takes back';
      return `${who} ${act} ${event.data.emoji} to message ${event.data.message_id}`;
    }
    case 'user_joined':
      return `${await people.nameOf(event.data.user_id)} has joined`;
    case 'user_left':
      return `${await people.nameOf(event.data.user_id)} has left`;
    case 'call_ringing':
      return `${who} calls (${event.data.call_type})`;
    case 'call_answered':
      return `${who} has answered the call`;
    case 'call_ended':
      return `the call has ended: ${event.data.reason.replaceAll('_', ' ')}`;
    default:
      return undefined;
  }
}

/** What the server cannot read, a terminal cannot show. */
function contentOf({ content, is_encrypted: isEncrypted }: Content): string {
  return isEncrypted ? '(encrypted)' : content;
}

interface Content {
  readonly content: string;
  readonly is_encrypted: boolean;
}
