import { endpoint, frame, socket } from '@secureconnect/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { smallRoutes, startSmallService } from '../../test/small-service.ts';
import { declarersFor } from '../index.ts';
import { requireUniqueRoutes } from './unique-routes.ts';

const declare = declarersFor<Record<never, never>, unknown>();
const described = { action: 'notes', tag: 'Notes', summary: 'Do it', errors: [] } as const;

const routeOf = (
  route: 'GET /v1/notes/:id' | 'GET /v1/notes/:name' | 'POST /v1/notes',
  id: string,
) =>
  declare.route(
    endpoint({ ...described, route, id, auth: 'none', reply: z.object({}) }),
    {},
    async () => ({}),
  );

const notes = socket({ ...described, route: 'WS /v1/ws', id: 'notes', auth: 'none' });
const frameOf = (type: string, id: string) =>
  declare.frame(
    frame(notes, { ...described, type, id, frame: z.object({}) }),
    {},
    async () => undefined,
  );

it('accepts different routes, and relays, which have no id', () => {
  const relay = (path: string) =>
    declare.relay(path, { action: 'passing on' }, {}, async () => {
      throw new Error('nothing is passed on here');
    });
  const routes = [
    ...[relay('/v1/a'), relay('/v1/b')],
    ...[routeOf('GET /v1/notes/:id', 'getNote'), routeOf('POST /v1/notes', 'createNote')],
    declare.socket(notes, {}, async () => undefined),
    ...[frameOf('typing', 'typing'), frameOf('reading', 'reading')],
  ];
  expect(() => requireUniqueRoutes(routes)).not.toThrow();
});

it.each([
  [
    'two with one id',
    [routeOf('GET /v1/notes/:id', 'note'), routeOf('POST /v1/notes', 'note')],
    'GET /v1/notes/:id (note) and POST /v1/notes (note) have the same id',
  ],
  [
    'two with one method and path',
    [routeOf('GET /v1/notes/:id', 'getNote'), routeOf('GET /v1/notes/:name', 'findNote')],
    'GET /v1/notes/:id (getNote) and GET /v1/notes/:name (findNote) serve the same requests',
  ],
  [
    'two frames of one type',
    [frameOf('typing', 'typing'), frameOf('typing', 'typingAgain')],
    'WS /v1/ws typing (typing) and WS /v1/ws typing (typingAgain) serve the same requests',
  ],
])('refuses %s, naming both', (_what, routes, message) => {
  expect(() => requireUniqueRoutes(routes)).toThrow(message);
});

it('lets no service start with such routes', async () => {
  const routes = [...smallRoutes, ...smallRoutes];
  await expect(startSmallService({ routes })).rejects.toThrow(
    'GET /v1/plain (plain) and GET /v1/plain (plain) have the same id',
  );
});
