import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type ExportToSend, uploadedFilesAfter, writtenParts } from '../stores/exports.ts';
import { type ArchiveDeps, writeArchive } from './archive.ts';
import { ZipWriter } from './zip-writer.ts';

/** A client that reads nothing for this long is gone. */
const idleMs = 60_000;

export interface ExportExchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/**
 * Sends the archive of an export. A fault before the first byte is an error reply; a later one ends
 * the connection, so that nobody takes the archive for complete. Resolves also if the client leaves.
 */
export async function sendExport(
  deps: ArchiveDeps,
  sent: ExportToSend,
  { incoming, outgoing }: ExportExchange,
): Promise<void> {
  const parts = await writtenParts(deps.database, sent.exportId);
  const hasFiles = (await uploadedFilesAfter(deps.database, sent.userId, undefined, 1)).length > 0;
  if (hasFiles) await (await deps.objects()).check();
  setHeaders(outgoing, sent);
  if (incoming.method === 'HEAD') {
    outgoing.end();
    return;
  }
  outgoing.setTimeout(idleMs, () => outgoing.destroy());
  const zip = new ZipWriter();
  const sending = pipeline(zip.output, outgoing, { signal: zip.signal });
  const [written] = await Promise.allSettled([
    abortingOnFailure(zip, writeArchive(deps, zip, { export: sent, parts })),
    abortingOnFailure(zip, sending),
  ]);
  // Otherwise the client left, and writing was ended for that.
  const isOwnFault = written.status === 'rejected' && zip.signal.reason === written.reason;
  if (isOwnFault) deps.log.warn({ err: written.reason }, 'export broke off');
}

function setHeaders(outgoing: ServerResponse, { readyAt }: ExportToSend): void {
  const name = `secureconnect-${readyAt.toISOString().slice(0, 10)}.zip`;
  outgoing.setHeader('Content-Type', 'application/zip');
  outgoing.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  outgoing.setHeader('Cache-Control', 'no-store');
  outgoing.setHeader('X-Content-Type-Options', 'nosniff');
  outgoing.setHeader('Accept-Ranges', 'none');
}

/** If one half of the work fails, the other one ends too. */
async function abortingOnFailure(zip: ZipWriter, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    zip.abort(error);
    throw error;
  }
}
