import { ErrorCode, endpoint, socket } from '@secureconnect/contracts';
import { z } from 'zod';

const Note = z.object({
  title: z.string().min(1).max(50),
  count: z.int().min(0),
  tags: z.array(z.object({ name: z.string() })).optional(),
  extra: z.unknown().optional(),
});
const Search = z.object({ q: z.string(), limit: z.coerce.number().int().max(100).default(20) });
const Plain = z.object({ plain: z.boolean() });
const Count = z.object({ count: z.number() });
/** What these endpoints have in common. */
const described = {
  tag: 'Small',
  summary: 'Do something small',
  auth: 'none',
  errors: [],
} as const;

export const plain = endpoint({
  ...described,
  route: 'GET /v1/plain',
  id: 'plain',
  action: 'plain',
  reply: Plain,
});

export const createNote = endpoint({
  ...described,
  route: 'POST /v1/notes',
  id: 'createNote',
  action: 'new note',
  body: Note,
  reply: Note,
  status: 201,
});

export const getNote = endpoint({
  ...described,
  route: 'GET /v1/notes/:note_id',
  id: 'getNote',
  action: 'note',
  reply: z.object({ note_id: z.string() }),
});

export const getLabel = endpoint({
  ...described,
  route: 'GET /v1/labels/:label',
  id: 'getLabel',
  action: 'label',
  reply: z.object({ label: z.string() }),
});

export const search = endpoint({
  ...described,
  route: 'GET /v1/search',
  id: 'search',
  action: 'search',
  query: Search,
  reply: Search,
});

export const failing = endpoint({
  ...described,
  route: 'GET /v1/failing',
  id: 'failing',
  action: 'failing',
  reply: Plain,
  errors: ErrorCode.options,
});

export const slow = endpoint({
  ...described,
  route: 'GET /v1/slow',
  id: 'slow',
  action: 'slow',
  reply: z.object({ slow: z.boolean() }),
});

export const mine = endpoint({
  ...described,
  route: 'POST /v1/mine',
  id: 'mine',
  action: 'mine',
  auth: 'bearer',
  body: Note,
  reply: Note,
});

export const closed = endpoint({
  ...described,
  route: 'POST /v1/closed',
  id: 'closed',
  action: 'closed',
  reply: Count,
});

export const open = endpoint({
  ...described,
  route: 'POST /v1/open',
  id: 'open',
  action: 'open',
  reply: Count,
});

export const smallSocket = socket({
  ...described,
  route: 'WS /v1/ws',
  id: 'smallSocket',
  action: 'socket',
  auth: 'bearer',
  query: Search,
});
