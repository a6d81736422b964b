import { docs } from '@secureconnect/contracts/endpoints';
import { ApiError, replied } from '@secureconnect/service';
import { type DocsFile, docsFile } from '../docs/files.ts';
import { sendStaticFile } from '../static-files/static-file.ts';
import { route } from './route.ts';

/**
 * What the page may do. redoc writes its styles into the page, and searches in a worker that it makes
 * of its own script; small pictures are part of that script. Nothing comes from a foreign host.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What is served below the path of the page. */
const pageFiles = [
  'page.js',
  'page.css',
  'redoc.js',
  'redoc.standalone.js.LICENSE.txt',
] as const satisfies readonly DocsFile[];

export const docsRoutes = {
  getAsyncApi: route(docs.getAsyncApi, {}, async ({ incoming, outgoing }) => {
    sendStaticFile(incoming, outgoing, await docsFile('asyncapi.json'));
    return replied;
  }),
  getDocs: route(docs.getDocs, {}, async ({ incoming, outgoing }) => {
    outgoing.setHeader('Content-Security-Policy', contentSecurityPolicy);
    outgoing.setHeader('Referrer-Policy', 'no-referrer');
    sendStaticFile(incoming, outgoing, await docsFile('page.html'));
    return replied;
  }),
  getDocsFile: route(docs.getDocsFile, {}, async ({ incoming, outgoing, params }) => {
    const name = pageFiles.find((each) => each === params.file);
    if (name === undefined) throw new ApiError('NOT_FOUND', 'There is no such file.');
    sendStaticFile(incoming, outgoing, await docsFile(name));
    return replied;
  }),
};
