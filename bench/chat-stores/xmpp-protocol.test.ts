import { expect, it } from 'vitest';
import { contentOf } from '../chat/protocols/protocol.ts';
import { xmppProtocol } from './xmpp-protocol.ts';

const place = { port: 5280, room: 'room-10', token: 'member-3' };
const read = (text: string) => xmppProtocol.read(text, place);
const said = (name: string, id = '') =>
  `<message xmlns='jabber:client' type='groupchat'${id} from='room-10@conference.localhost/${name}'>` +
  `<body>${contentOf(1207)}</body><stanza-id id='9' by='room-10@conference.localhost'/></message>`;

it('authenticates, binds a resource and enters its room, step by step', () => {
  const answers = [
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></stream:features>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
    "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
  ].map(read);
  expect(answers.map(({ kind }) => kind)).toEqual(Array.from(answers, () => 'question'));
  expect(answers.map((received) => ('answer' in received ? received.answer : ''))).toEqual([
    expect.stringContaining('mechanism="ANONYMOUS"'),
    xmppProtocol.greeting,
    expect.stringContaining('<iq xmlns="jabber:client" type="set" id="bind">'),
    expect.stringContaining('to="room-10@conference.localhost/member-3"'),
  ]);
  const presence = (status: string) =>
    `<presence from='room-10@conference.localhost/member-3'><x>${status}</x></presence>`;
  expect(read(presence('')).kind).toBe('other');
  expect(read(presence("<status code='110'/>")).kind).toBe('entered');
});

it('brings messages of others, and the own ones as acknowledgements', () => {
  expect(read(said('member-4'))).toEqual({ kind: 'message', number: 1207 });
  expect(read(said('member-3', " id='12'"))).toEqual({ kind: 'acknowledgement', id: 12 });
  expect(read("<message type='groupchat'><subject/></message>")).toEqual({ kind: 'other' });
});

it('reports refusals', () => {
  for (const text of [
    "<message type='error' id='5'><error type='wait'/></message>",
    "<presence type='error' from='room-10@conference.localhost'/>",
    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
  ]) {
    expect(read(text)).toEqual({ kind: 'refusal', reason: text });
  }
});
