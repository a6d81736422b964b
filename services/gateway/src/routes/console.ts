import { extname } from 'node:path';
import { console } from '@secureconnect/contracts/endpoints';
import { replied } from '@secureconnect/service';
import { consoleNotBuilt, noSuchFile } from '../console/missing-pages.ts';
import type { GatewayContext } from '../context.ts';
import { sendStaticFile } from '../static-files/static-file.ts';
import { route } from './route.ts';

interface ConsoleRequest {
  readonly incoming: Parameters<typeof sendStaticFile>[0];
  readonly outgoing: Parameters<typeof sendStaticFile>[1];
  readonly context: GatewayContext;
}

export const consoleRoutes = {
  getConsole: route(console.getConsole, {}, (request) => send(request, '')),
  getConsolePage: route(console.getConsolePage, {}, (request) =>
    send(request, request.params.page),
  ),
  getConsoleFile: route(console.getConsoleFile, {}, (request) =>
    send(request, `${request.params.area}/${request.params.page}`),
  ),
};

/** Sends a file of the console, or its page for a path without an extension. */
async function send(
  { incoming, outgoing, context }: ConsoleRequest,
  path: string,
): Promise<typeof replied> {
  const { files, policy } = context.console;
  outgoing.setHeader('Content-Security-Policy', policy);
  outgoing.setHeader('Referrer-Policy', 'no-referrer');
  outgoing.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  outgoing.setHeader(
    'Permissions-Policy',
    'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
  );
  const page = await files.page();
  if (page === undefined) return missing(outgoing, consoleNotBuilt);
  const file = extname(path) === '' ? page : await files.file(path);
  if (file === undefined) return missing(outgoing, noSuchFile);
  sendStaticFile(incoming, outgoing, file);
  return replied;
}

function missing(outgoing: ConsoleRequest['outgoing'], text: string): typeof replied {
  outgoing.setHeader('Content-Type', 'text/html; charset=utf-8');
  outgoing.setHeader('Cache-Control', 'no-store');
  outgoing.writeHead(404).end(text);
  return replied;
}
