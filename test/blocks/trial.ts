import {
  call,
  type SampleUser,
  type SampleWorld,
  SocketClient,
  textField,
} from '@secureconnect/testkit';
import { createWorld } from '../conformance/world.ts';
import type { ServiceName, Stack } from '../support/stack.ts';

/** What becomes of something that is done with a block in force. */
export type Outcome = 'allowed' | 'refused' | 'hidden';
export type PlaceKind = 'direct' | 'group';

/** Two users who may be separated by a block, and where they meet. */
export interface Place {
  readonly kind: PlaceKind;
  readonly conversationId: string;
  /** Blocks the other one. */
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly eve: SampleUser;
}

type Service = Exclude<ServiceName, 'gateway'>;
type Data = Record<string, unknown>;

/** A stack on which people try to reach one another. */
export class Trial {
  readonly #stack: Stack;
  readonly #world: SampleWorld;

  constructor(stack: Stack) {
    this.#stack = stack;
    this.#world = createWorld(stack);
  }

  user(): Promise<SampleUser> {
    return this.#world.user();
  }

  /** Asks and expects success; gives `data`. */
  data(
    service: Service,
    user: SampleUser,
    method: string,
    path: string,
    body?: object,
  ): Promise<Data> {
    const { token } = user;
    return this.#world.data(
      service,
      method,
      path,
      body === undefined ? { token } : { token, body },
    );
  }

  /** Asks, and says whether it was done or refused for the block; throws for anything else. */
  async outcomeOf(
    service: Service,
    user: SampleUser,
    method: string,
    path: string,
    body?: object,
  ): Promise<Outcome> {
    const options = { token: user.token, body };
    const reply = await call(this.#stack.urls[service], method, path, options);
    if (reply.status < 300) return 'allowed';
    if (reply.status === 403 && reply.body.error?.code === 'FORBIDDEN') return 'refused';
    throw new Error(`${method} ${path} answered ${reply.status}: ${reply.text}`);
  }

  async newPlace(kind: PlaceKind): Promise<Place> {
    const [ada, bob, eve] = [await this.user(), await this.user(), await this.user()];
    const participant_ids = kind === 'direct' ? [bob.userId] : [bob.userId, eve.userId];
    const made = await this.data('chat', ada, 'POST', '/v1/conversations', {
      ...{ type: kind, participant_ids },
      ...(kind === 'group' ? { title: 'Both' } : {}),
    });
    const conversationId = textField(made, 'conversation_id');
    if (kind === 'group') {
      // What only admins may do, both may.
      const path = `/v1/conversations/${conversationId}/participants/${bob.userId}`;
      await this.data('chat', ada, 'PATCH', path, { role: 'admin' });
    }
    return { kind, conversationId, ada, bob, eve };
  }

  /** `ada` blocks `bob`. */
  async block({ ada, bob }: Pick<Place, 'ada' | 'bob'>): Promise<void> {
    await this.data('auth', ada, 'POST', '/v1/users/blocks', { user_id: bob.userId });
  }

  /** Says something in the name of a user; gives the paths below the message. */
  async said(conversation_id: string, user: SampleUser): Promise<(what: string) => string> {
    const body = { conversation_id, content: 'x' };
    const message = await this.data('chat', user, 'POST', '/v1/messages', body);
    const path = `/v1/messages/${textField(message, 'message_id')}`;
    return (what) => `${path}${what}?conversation_id=${conversation_id}`;
  }

  openChat({ conversationId }: Place, { token }: SampleUser): Promise<SocketClient> {
    const url = this.#stack.urls.chat.replace('http', 'ws');
    return SocketClient.open(`${url}/v1/ws/chat?conversation_id=${conversationId}`, token);
  }

  openSignaling(callId: string, { token }: SampleUser): Promise<SocketClient> {
    const url = this.#stack.urls.video.replace('http', 'ws');
    return SocketClient.open(`${url}/v1/ws/signaling?call_id=${callId}`, token);
  }

  /** What the answer to a frame says. */
  async frameOutcome(
    socket: SocketClient,
    frame: { readonly type: string; readonly [field: string]: unknown },
  ): Promise<Outcome> {
    socket.send({ ...frame, id: '1' });
    const answer = await Promise.race([socket.next('ack'), socket.next('error')]);
    if (answer.type === 'ack') return 'allowed';
    if (answer['code'] === 'FORBIDDEN') return 'refused';
    throw new Error(`the frame was answered with ${JSON.stringify(answer)}`);
  }

  /**
   * Does something, and says whether the other one heard frames of these types: those that come
   * before the deletion of a message, which is told whatever stands between the two.
   */
  async heardOf(
    place: Place,
    user: SampleUser,
    types: readonly string[],
  ): Promise<(act: () => Promise<unknown>) => Promise<Outcome>> {
    const last = await this.said(place.conversationId, user);
    const listener = await this.openChat(place, other(place, user));
    return async (act) => {
      await act();
      await this.data('chat', user, 'DELETE', last(''));
      await listener.next('deleted');
      const heard = types.filter((type) => listener.frames.some((frame) => frame.type === type));
      await listener.close();
      if (heard.length !== 0 && heard.length !== types.length) throw new Error(`heard ${heard}`);
      return heard.length === 0 ? 'hidden' : 'allowed';
    };
  }

  /** A call to everybody in the conversation. */
  async ring({ conversationId }: Place, user: SampleUser): Promise<string> {
    const body = { call_type: 'audio', conversation_id: conversationId };
    const call = await this.data('video', user, 'POST', '/v1/calls/initiate', body);
    return textField(call, 'call_id');
  }

  /** A call that the other one has started, and that both are in. */
  async answered(place: Place, user: SampleUser): Promise<string> {
    const callId = await this.ring(place, other(place, user));
    await this.data('video', user, 'POST', `/v1/calls/${callId}/join`);
    return callId;
  }

  /** A file of a user, that came for a conversation or for none. */
  async uploaded(user: SampleUser, conversation_id?: string): Promise<string> {
    const bytes = Buffer.from('a file');
    const target = await this.data('storage', user, 'POST', '/v1/storage/upload-url', {
      ...{ file_name: 'a.txt', file_size: bytes.length, content_type: 'text/plain' },
      ...(conversation_id === undefined ? {} : { conversation_id }),
    });
    const file_id = textField(target, 'file_id');
    const headers = { 'content-type': 'text/plain' };
    const put = { method: 'PUT', headers, body: bytes };
    const sent = await fetch(textField(target, 'upload_url'), put);
    if (!sent.ok) throw new Error(`the upload was answered with ${sent.status}`);
    await this.data('storage', user, 'POST', '/v1/storage/upload-complete', { file_id });
    return file_id;
  }
}

/** The one of the two that this is not. */
export function other({ ada, bob }: Place, user: SampleUser): SampleUser {
  return user === ada ? bob : ada;
}
