import { type ReadonlySignal, signal } from '@preact/signals';
import type { ChatEvent, Message, Schemas } from '@secureconnect/client';
import type { Api } from './api.ts';

export type Conversation = Schemas['Conversation'];

/** A conversation as the list shows it. */
export interface InboxRow {
  readonly conversation: Conversation;
  readonly lastMessage: Message | undefined;
  /** Messages of others that the user has not read. */
  readonly unread: number;
}

/** Conversations that the list holds at most; `hasMore` tells of others. */
const maxRows = 500;
const pageSize = 50;

/** The conversations of the signed-in user, those with the latest messages first. */
export class Inbox {
  readonly #api: Api;
  readonly #userId: string;
  readonly #rows = signal<readonly InboxRow[]>([]);
  readonly #hasMore = signal(false);
  /** Where the next pages begin; undefined where there is none. */
  #cursor: string | undefined;
  #pageState: string | undefined;
  readonly #entries = new Map<string, Schemas['InboxEntry']>();

  constructor(api: Api, userId: string) {
    this.#api = api;
    this.#userId = userId;
  }

  get rows(): ReadonlySignal<readonly InboxRow[]> {
    return this.#rows;
  }

  /** Whether `loadMore` finds more. */
  get hasMore(): ReadonlySignal<boolean> {
    return this.#hasMore;
  }

  /** Reads the newest conversations again. @throws what the client throws */
  async load(): Promise<void> {
    this.#entries.clear();
    const [conversations] = await Promise.all([this.#readPage(undefined), this.#readEntries()]);
    this.#put(conversations.map((each) => rowOf(each, this.#entries)));
  }

  /** Reads the next page. @throws what the client throws */
  async loadMore(): Promise<void> {
    if (this.#cursor === undefined) return;
    const [conversations] = await Promise.all([
      this.#readPage(this.#cursor),
      this.#pageState === undefined ? undefined : this.#readEntries(this.#pageState),
    ]);
    const known = new Set(this.#rows.value.map(idOf));
    const more = conversations.filter(({ conversation_id: id }) => !known.has(id));
    this.#put([...this.#rows.value, ...more.map((each) => rowOf(each, this.#entries))]);
  }

  /**
   * Opens the conversation with a user, and creates it where there is none.
   * @param username as the user has chosen it at sign-up
   * @throws RefusedError where there is no such user, or the server refuses while Redis is down
   */
  async openWith(username: string): Promise<Conversation> {
    const user = await this.#api.request('GET /v1/users/lookup', { query: { username } });
    const body = { type: 'direct' as const, participant_ids: [user.user_id] };
    const conversation = await this.#api.request('POST /v1/conversations', { body });
    this.#add(conversation);
    return conversation;
  }

  /** Creates a group, shown by the names of the others. @throws RefusedError as `openWith` */
  async openGroup(usernames: readonly string[]): Promise<Conversation> {
    const users = await Promise.all(
      usernames.map((username) =>
        this.#api.request('GET /v1/users/lookup', { query: { username } }),
      ),
    );
    const ids = users.map(({ user_id: id }) => id);
    const body = { type: 'group' as const, participant_ids: ids };
    const conversation = await this.#api.request('POST /v1/conversations', { body });
    this.#add(conversation);
    return conversation;
  }

  /**
   * Heeds an event of a conversation.
   * @param isShown whether the user has the conversation before them, and reads along
   * @throws what the client throws where a conversation is new and cannot be read
   */
  async heed(event: ChatEvent, isShown: boolean): Promise<void> {
    const row = this.#rows.value.find((each) => idOf(each) === event.conversation_id);
    if (row === undefined) {
      if (event.type === 'chat') await this.#addById(event.conversation_id, event.data);
      return;
    }
    const changed = this.#changedBy(event, row, isShown);
    if (changed !== row) this.#replace(changed);
  }

  /** Notes a message of this page, of which no event comes. */
  noteSent(message: Message): void {
    const row = this.#rows.value.find((each) => idOf(each) === message.conversation_id);
    if (row !== undefined) this.#replace({ ...row, lastMessage: message });
  }

  /** Notes that the user has read a conversation, as the server has told. */
  noteRead(conversationId: string, unread: number): void {
    const row = this.#rows.value.find((each) => idOf(each) === conversationId);
    if (row !== undefined) this.#replace({ ...row, unread });
  }

  #changedBy(event: ChatEvent, row: InboxRow, isShown: boolean): InboxRow {
    if (event.type === 'chat') {
      const isForeign = event.from !== this.#userId && !isShown;
      return { ...row, lastMessage: event.data, unread: row.unread + (isForeign ? 1 : 0) };
    }
    const last = row.lastMessage;
    if (event.type === 'edited' && event.data.message_id === last?.message_id) {
      return { ...row, lastMessage: event.data };
    }
    if (event.type === 'deleted' && event.data.message_id === last?.message_id) {
      const deleted = { ...last, content: '', deleted_at: event.data.deleted_at };
      return { ...row, lastMessage: deleted };
    }
    const isOwnRead = event.type === 'read' && event.from === this.#userId;
    return isOwnRead && event.data.message_id === last?.message_id ? { ...row, unread: 0 } : row;
  }

  async #addById(conversationId: string, lastMessage: Message): Promise<void> {
    const conversation = await this.#api.request('GET /v1/conversations/:conversation_id', {
      path: { conversation_id: conversationId },
    });
    const isForeign = lastMessage.sender_id !== this.#userId;
    this.#replace({ conversation, lastMessage, unread: isForeign ? 1 : 0 });
  }

  #add(conversation: Conversation): void {
    const isKnown = this.#rows.value.some((row) => idOf(row) === conversation.conversation_id);
    if (!isKnown) this.#replace({ conversation, lastMessage: undefined, unread: 0 });
  }

  #replace(row: InboxRow): void {
    this.#put([row, ...this.#rows.value.filter((each) => idOf(each) !== idOf(row))]);
  }

  #put(rows: readonly InboxRow[]): void {
    this.#rows.value = sorted(rows).slice(0, maxRows);
    if (rows.length > maxRows) this.#hasMore.value = false;
  }

  async #readPage(cursor: string | undefined): Promise<readonly Conversation[]> {
    const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const page = await this.#api.request('GET /v1/conversations', { query });
    this.#cursor = page.next_cursor ?? undefined;
    this.#hasMore.value = page.has_more && this.#rows.value.length < maxRows;
    return page.conversations;
  }

  async #readEntries(pageState?: string): Promise<void> {
    const query = {
      limit: pageSize,
      ...(pageState === undefined ? {} : { page_state: pageState }),
    };
    const page = await this.#api.request('GET /v1/messages', { query });
    if (!('inbox' in page)) throw new Error('expected the inbox, as no conversation is named');
    for (const entry of page.inbox) this.#entries.set(entry.conversation_id, entry);
    this.#pageState = page.next_page_state ?? undefined;
  }
}

function idOf({ conversation }: InboxRow): string {
  return conversation.conversation_id;
}

function rowOf(
  conversation: Conversation,
  entries: ReadonlyMap<string, Schemas['InboxEntry']>,
): InboxRow {
  const entry = entries.get(conversation.conversation_id);
  return { conversation, lastMessage: entry?.last_message, unread: entry?.unread_count ?? 0 };
}

function sorted(rows: readonly InboxRow[]): readonly InboxRow[] {
  return rows.toSorted((one, other) => latestMs(other) - latestMs(one));
}

function latestMs({ conversation, lastMessage }: InboxRow): number {
  return Date.parse(lastMessage?.created_at ?? conversation.created_at);
}
