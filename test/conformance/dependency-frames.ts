import type { Findings } from '@secureconnect/degraded-mode/testing';
import type { SampleWorld, SocketClient, StoredEffect } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { message } from '../../services/chat/test/sample-scenes.ts';
import { openSocket } from '../support/open-socket.ts';
import type { Stack } from '../support/stack.ts';
import { frameEffects, type Said } from './socket-effects.ts';
import type { TableRow } from './tables.ts';

/** A frame, what it leaves behind, and what it is answered with. */
interface FrameCase {
  readonly type: 'chat' | 'read' | 'reaction' | 'edited' | 'resume' | 'deleted';
  readonly by: SocketClient;
  readonly data: object;
  readonly answer: 'ack' | 'resumed';
  readonly effect: StoredEffect | undefined;
}

export interface DependencyFramesOptions {
  readonly stack: Stack;
  readonly findings: Findings;
  /** How often effects have happened so far. */
  count(effects: readonly StoredEffect[]): Promise<number[]>;
}

/** Frames of the chat socket that need a dependency, on sockets that were open before its fault. */
export class DependencyFrames implements Disposable {
  readonly #options: DependencyFramesOptions;
  readonly #conversationId: string;
  readonly #cases: readonly FrameCase[];
  readonly #sockets: readonly SocketClient[];

  private constructor(
    options: DependencyFramesOptions,
    conversationId: string,
    cases: readonly FrameCase[],
  ) {
    this.#options = options;
    this.#conversationId = conversationId;
    this.#cases = cases;
    this.#sockets = [...new Set(cases.map(({ by }) => by))];
  }

  /** Opens the sockets; undefined if no frame is among the rows. */
  static async open(
    world: SampleWorld,
    rows: readonly TableRow[],
    options: DependencyFramesOptions,
  ): Promise<DependencyFrames | undefined> {
    const types = rows
      .filter(({ kind, service }) => kind === 'message' && service === 'chat')
      .map(({ policy }) => policy.route.split(' ').at(-1));
    if (types.length === 0) return undefined;
    const { ada, bob, conversationId, messageId } = await message(world);
    const url = `${options.stack.urls.gateway}/v1/ws/chat?conversation_id=${conversationId}`;
    const byAda = await openSocket(url, ada.token);
    const byBob = await openSocket(url, bob.token);
    const said = { conversationId, messageId, userId: ada.userId, content: '' };
    const sockets = { byAda, byBob, bobId: bob.userId };
    const cases = framesAbout(said, sockets).filter(({ type }) => types.includes(type));
    return new DependencyFrames(options, conversationId, cases);
  }

  /** Sends each frame, which must be refused without a trace. */
  async expectRefused(): Promise<void> {
    const refusal = { type: 'error', code: 'SERVICE_UNAVAILABLE' };
    for (const one of this.#cases) await this.#try(one, refusal, 0);
  }

  /** Sends each frame, which must be served, and happen once. */
  async expectServed(): Promise<void> {
    for (const one of this.#cases) await this.#try(one, { type: one.answer }, 1);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket[Symbol.dispose]();
  }

  #try(one: FrameCase, answer: object, times: 0 | 1): Promise<void> {
    const { findings, count } = this.#options;
    return findings.attempt(`chat WS /v1/ws/chat ${one.type}`, async () => {
      const id = crypto.randomUUID();
      const { type, by, data, effect } = one;
      by.send({ type, id, conversation_id: this.#conversationId, data });
      expect(await by.next((frame) => frame['id'] === id)).toMatchObject(answer);
      if (effect !== undefined) expect(await count([effect]), effect.count).toEqual([times]);
    });
  }
}

interface Speakers {
  readonly byAda: SocketClient;
  readonly byBob: SocketClient;
  readonly bobId: string;
}

/** Each type of frame once, in an order in which all can be served. */
function framesAbout(said: Said, { byAda, byBob, bobId }: Speakers): FrameCase[] {
  const named = { message_id: said.messageId };
  const [content, edited, emoji] = [crypto.randomUUID(), crypto.randomUUID(), '👍'];
  const ack = { answer: 'ack' } as const;
  return [
    {
      ...{ type: 'chat', by: byAda, data: { content }, ...ack },
      effect: frameEffects['WS /v1/ws/chat chat']({ ...said, content }),
    },
    {
      ...{ type: 'read', by: byBob, data: named, ...ack },
      effect: frameEffects['WS /v1/ws/chat read']({ ...said, userId: bobId }),
    },
    {
      ...{ type: 'reaction', by: byBob, data: { ...named, emoji, present: true }, ...ack },
      effect: frameEffects['WS /v1/ws/chat reaction']({ ...said, userId: bobId, content: emoji }),
    },
    {
      ...{ type: 'edited', by: byAda, data: { ...named, content: edited }, ...ack },
      effect: frameEffects['WS /v1/ws/chat edited']({ ...said, content: edited }),
    },
    {
      ...{ type: 'resume', by: byBob, data: { after: said.messageId } },
      ...{ answer: 'resumed', effect: undefined },
    },
    {
      ...{ type: 'deleted', by: byAda, data: named, ...ack },
      effect: frameEffects['WS /v1/ws/chat deleted'](said),
    },
  ];
}
