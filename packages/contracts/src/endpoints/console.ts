import { consoleLimit, endpoint } from '../endpoint.ts';

/** Anybody may read these: the pages read what they show with the token of the user who signs in. */
const open = {
  tag: 'Operation',
  auth: 'none',
  limit: consoleLimit,
} as const;

const replies = (description: string, mediaType: string) =>
  ({
    200: { description, mediaType },
    304: { description: 'If-None-Match names the current bytes. No body.' },
    404: {
      description: 'There is no such file, or the console is not built.',
      mediaType: 'text/html',
    },
  }) as const;

export const getConsole = endpoint({
  ...open,
  route: 'GET /console',
  id: 'getConsole',
  action: 'console',
  summary: 'Open the console in a browser',
  description:
    'The page itself needs no token: users sign in on it, and it reads with their tokens.',
  otherReplies: replies('The page.', 'text/html'),
  errors: [],
});

export const getConsolePage = endpoint({
  ...open,
  route: 'GET /console/:page',
  id: 'getConsolePage',
  action: 'console pages',
  summary: 'Open a page of the console, or get one of its files',
  description:
    'If `page` has no extension, the reply is the page of the console, which shows what its address names.',
  otherReplies: replies('The page, or the file if the last part has an extension.', '*/*'),
  errors: [],
});

export const getConsoleFile = endpoint({
  ...open,
  route: 'GET /console/:area/:page',
  id: 'getConsoleFile',
  action: 'console files',
  summary: 'Open a page of an area of the console, or get a script or a style sheet',
  description:
    'If `page` has no extension, the reply is the page of the console, which shows what its address names. No file lies deeper.',
  otherReplies: replies('The page, or the file if the last part has an extension.', '*/*'),
  errors: [],
});
