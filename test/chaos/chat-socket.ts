import { randomUUID } from 'node:crypto';
import type { Client } from './client.ts';
import type { Facts, Operation, SocketRecord } from './history.ts';

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly code?: string;
  readonly from?: string;
  readonly data?: {
    readonly message_id?: string;
    readonly call_id?: string;
    readonly complete?: boolean;
  };
  readonly message?: { readonly message_id: string };
  readonly meta?: { readonly degraded: readonly string[] };
  readonly cursor?: string;
}

export interface SocketOptions {
  readonly client: Client;
  readonly token: string;
  /** The one conversation that it is for; without it, all of the user's. */
  readonly only: string | undefined;
  readonly conversationIds: readonly string[];
  readonly direct: boolean;
  readonly addRecord: (record: SocketRecord) => void;
}

/** No answer by then is none. */
const maxMs = 5000;
const answers = new Set(['ack', 'error', 'resumed']);
const statusOfCode: Readonly<Record<string, number>> = { RATE_LIMITED: 429, SERVICE_DEGRADED: 503 };

/** A user's chat socket; everything that it hears is recorded. */
export class ChatSocketClient {
  readonly #client: Client;
  readonly #socket: WebSocket;
  readonly #entry: string;
  readonly #record: SocketRecord;
  readonly #waiting = new Map<string, (frame: Frame | undefined) => void>();
  #cursor: string | undefined;
  #closedWith: number | undefined;

  private constructor(client: Client, socket: WebSocket, entry: string, record: SocketRecord) {
    this.#client = client;
    this.#socket = socket;
    this.#entry = entry;
    this.#record = record;
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data))));
    socket.addEventListener('close', ({ code }) => {
      this.#closedWith = code;
      record.closedMs = client.options.now();
      for (const answer of this.#waiting.values()) answer(undefined);
    });
  }

  /** Opens a socket; undefined where it was refused, which is recorded. */
  static async open(options: SocketOptions): Promise<ChatSocketClient | undefined> {
    const { client, token, only, direct } = options;
    const { now, record, user } = client.options;
    const id = randomUUID();
    const entry = client.entry('open socket', direct);
    const url = new URL(`${entry.url.replace('http', 'ws')}/v1/ws/chat`);
    if (only !== undefined) url.searchParams.set('conversation_id', only);
    const startMs = now();
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}`, 'x-request-id': id },
    });
    const status = await statusOf(socket);
    const operation = client.operation('open socket', {
      ...{ id, entry: entry.name, startMs, status, body: '', degraded: null, retryAfter: null },
      ...{ expected: [101], facts: {}, limit: undefined },
    });
    record(operation);
    if (status !== 101) return undefined;
    const known: SocketRecord = {
      ...{ id, user, instance: operation.instance, conversationIds: options.conversationIds },
      ...{ openedMs: now(), closedMs: undefined, heard: [], heardOfCalls: [] },
      isDevice: only === undefined,
    };
    options.addRecord(known);
    return new ChatSocketClient(client, socket, entry.name, known);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends a message and waits for its acknowledgement. */
  async say(conversationId: string, clientMessageId: string, content: string): Promise<Operation> {
    const { now, record } = this.#client.options;
    const id = randomUUID();
    const startMs = now();
    const data = { content, client_message_id: clientMessageId };
    const answer = this.#answerTo(id);
    this.#socket.send(JSON.stringify({ type: 'chat', id, conversation_id: conversationId, data }));
    const frame = await answer;
    const messageId = frame?.message?.message_id;
    const facts: Facts = {
      ...{ conversationId, clientMessageId, socketId: this.#record.id },
      ...(messageId === undefined ? {} : { messageId }),
      ...(frame !== undefined || this.#closedWith === undefined
        ? {}
        : { closedWith: this.#closedWith }),
    };
    const seen = this.#client.operation('send over socket', {
      ...{
        id,
        entry: this.#entry,
        startMs,
        status: statusFor(frame),
        body: JSON.stringify(frame ?? {}),
      },
      ...{ degraded: null, retryAfter: null, expected: [201], facts, limit: undefined },
    });
    const operation = { ...seen, instance: this.#record.instance };
    record(operation);
    return operation;
  }

  /** Where a later socket may resume; undefined where nothing was heard. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Asks for what happened after a cursor. */
  async resume(after: string): Promise<void> {
    const id = randomUUID();
    const answer = this.#answerTo(id);
    this.#socket.send(JSON.stringify({ type: 'resume', id, data: { after } }));
    const frame = await answer;
    if (frame?.type !== 'resumed') this.#record.resumed = 'unanswered';
    else this.#record.resumed = frame.data?.complete === true ? 'complete' : 'incomplete';
  }

  close(): void {
    this.#socket.close();
  }

  #hear(frame: Frame): void {
    const messageId = frame.data?.message_id;
    if (frame.type === 'chat' && messageId !== undefined) {
      this.#record.heard.push({ messageId, atMs: this.#client.options.now() });
    }
    const callId = frame.data?.call_id;
    if (callId !== undefined) {
      const { type, from } = frame;
      this.#record.heardOfCalls.push({ type, callId, from, atMs: this.#client.options.now() });
    }
    const cursor = frame.cursor ?? frame.message?.message_id;
    if (cursor !== undefined && isLater(cursor, this.#cursor)) this.#cursor = cursor;
    const id = frame.id;
    if (id !== undefined && answers.has(frame.type)) this.#waiting.get(id)?.(frame);
  }

  #answerTo(id: string): Promise<Frame | undefined> {
    return new Promise((resolve) => {
      const answer = (frame: Frame | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(frame);
      };
      const timer = setTimeout(() => answer(undefined), maxMs);
      this.#waiting.set(id, answer);
    });
  }
}

/** Whether a time UUID carries a later time than another one. */
function isLater(cursor: string, than: string | undefined): boolean {
  return than === undefined || ticksOf(cursor) > ticksOf(than);
}

function ticksOf(timeUuid: string): string {
  const [low, middle, high] = timeUuid.split('-');
  return `${high}${middle}${low}`;
}

function statusFor(frame: Frame | undefined): number {
  if (frame === undefined) return 0;
  return frame.type === 'ack' ? 201 : (statusOfCode[frame.code ?? ''] ?? 400);
}

/** 101 when a socket is open, 0 when it was refused. */
export function statusOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.addEventListener('open', () => resolve(101), { once: true });
    // A browser is not told why it was refused, and neither are we.
    socket.addEventListener('error', () => resolve(0), { once: true });
  });
}
