import { z } from 'zod';
import { defaultLimit, endpoint } from '../endpoint.ts';

/** Anybody may read these: no token is asked for. */
const open = {
  tag: 'Operation',
  auth: 'none',
  limit: { ...defaultLimit, countedBy: 'address' },
} as const;

const notModified = { description: 'If-None-Match names the current bytes. No body.' } as const;

const AnyDocument = z
  .record(z.string(), z.unknown())
  .meta({ examples: [{ asyncapi: '3.0.0', channels: {} }] });

export const getAsyncApi = endpoint({
  ...open,
  route: 'GET /asyncapi.json',
  id: 'getAsyncApi',
  action: 'asyncapi.json',
  summary: 'Get the AsyncAPI document of the sockets',
  description:
    'Has every WebSocket, with the frames that clients send and receive. /openapi.json has the HTTP routes.',
  otherReplies: { 200: { description: 'The document.', schema: AnyDocument }, 304: notModified },
  errors: [],
});

export const getDocs = endpoint({
  ...open,
  route: 'GET /docs',
  id: 'getDocs',
  action: 'docs',
  summary: 'Read this documentation in a browser',
  description:
    'The page shows /openapi.json and loads nothing from other hosts. /asyncapi.json describes the sockets.',
  otherReplies: {
    200: { description: 'The page.', mediaType: 'text/html' },
    304: notModified,
  },
  errors: [],
});

export const getDocsFile = endpoint({
  ...open,
  route: 'GET /docs/:file',
  id: 'getDocsFile',
  action: 'docs files',
  summary: 'Get a script or a style sheet of the documentation',
  description: 'Only for the page at /docs.',
  otherReplies: { 200: { description: 'The file.', mediaType: '*/*' }, 304: notModified },
  errors: ['NOT_FOUND'],
});
