import { numberIn, type Protocol, type Received } from '../chat/protocols/protocol.ts';

/** The host of the servers, and that of their rooms. */
export const xmppHost = 'localhost';
export const xmppRooms = `conference.${xmppHost}`;

const open = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${xmppHost}" version="1.0"/>`;
const authenticate = '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>';
const bind =
  '<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';

/** Enters a room under a name, without its history. */
function enter(room: string, name: string): string {
  return (
    `<presence xmlns="jabber:client" to="${room}@${xmppRooms}/${name}"><x xmlns="http://jabber.org/protocol/muc">` +
    '<history maxstanzas="0"/></x></presence>'
  );
}

function attribute(text: string, name: string): string {
  return new RegExp(` ${name}=['"]([^'"]*)['"]`).exec(text)?.[1] ?? '';
}

/**
 * XMPP over WebSocket (RFC 7395) with anonymous users, in rooms of Multi-User Chat (XEP-0045). A room
 * sends each message to its own sender too, once it is in the archive: that is its acknowledgement.
 */
export const xmppProtocol: Protocol = {
  subprotocol: 'xmpp',
  greeting: open,
  entersAtOnce: false,
  address: ({ port }) => `ws://127.0.0.1:${port}/ws`,
  say: (room, id, content) =>
    `<message xmlns="jabber:client" type="groupchat" id="${id}" to="${room}@${xmppRooms}"><body>${content}</body></message>`,
  read(text, { room, token: name }): Received {
    if (text.startsWith('<message')) return readMessage(text, name);
    if (text.includes('<mechanisms')) return { kind: 'question', answer: authenticate };
    if (text.startsWith('<success')) return { kind: 'question', answer: open };
    if (text.includes('urn:ietf:params:xml:ns:xmpp-bind') && !text.startsWith('<iq')) {
      return { kind: 'question', answer: bind };
    }
    if (text.startsWith('<iq') && attribute(text, 'id') === 'bind') {
      return { kind: 'question', answer: enter(room, name) };
    }
    // Status 110: the presence is one's own (XEP-0045, 7.2.2).
    if (text.startsWith('<presence') && /code=['"]110['"]/.test(text)) return { kind: 'entered' };
    const isRefusal = /^<(failure|close|stream:error)|^<\w+[^>]* type=['"]error['"]/.test(text);
    return isRefusal ? { kind: 'refusal', reason: text } : { kind: 'other' };
  },
};

function readMessage(text: string, name: string): Received {
  const head = text.slice(0, text.indexOf('>'));
  if (attribute(head, 'type') === 'error') return { kind: 'refusal', reason: text };
  const number = numberIn(text);
  if (Number.isNaN(number)) return { kind: 'other' };
  const isOwn = attribute(head, 'from').endsWith(`/${name}`);
  return isOwn
    ? { kind: 'acknowledgement', id: Number(attribute(head, 'id')) }
    : { kind: 'message', number };
}
