import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ExportEntry, ExportManifest } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import type { Logger } from '@secureconnect/service';
import type { ObjectStore } from '../objects/object-store.ts';
import {
  type ExportToSend,
  exportChunk,
  uploadedFilesAfter,
  type WrittenPart,
} from '../stores/exports.ts';
import type { FileRow } from '../stores/file-row.ts';
import { archivePath } from './archive-path.ts';
import type { WrittenEntry, ZipWriter } from './zip-writer.ts';

export interface ArchiveDeps {
  readonly database: Database;
  /** Leads to the store; an archive without files does not need it. */
  readonly objects: () => Promise<ObjectStore>;
  readonly log: Logger;
}

const pageSize = 100;
const decompress = promisify(gunzip);

/**
 * Writes the archive of an export: the text of each service, the files, and at last manifest.json,
 * which lists all of them. Memory holds a chunk, and a line for each file.
 */
export async function writeArchive(
  deps: ArchiveDeps,
  zip: ZipWriter,
  {
    export: sent,
    parts,
  }: { readonly export: ExportToSend; readonly parts: readonly WrittenPart[] },
): Promise<void> {
  const entries: ExportEntry[] = [];
  for (const part of parts) {
    const path = `${part.part}.json`;
    const chunks = textOf(deps.database, sent.exportId, part.part);
    const written = await zip.add(path, chunks, { compress: true, modifiedAt: sent.readyAt });
    if (written.sha256 !== part.sha256) throw new Error(`${path} of an export is incomplete`);
    entries.push({ path, ...listed(written), lists: part.entries });
  }
  const missing: string[] = [];
  for await (const file of filesOf(deps.database, sent.userId)) {
    const entry = await addFile(deps, zip, file);
    if (entry === undefined) missing.push(file.fileId);
    else entries.push(entry);
  }
  const manifest: ExportManifest = {
    format: 1,
    export_id: sent.exportId,
    user_id: sent.userId,
    requested_at: sent.requestedAt.toISOString(),
    written_at: sent.readyAt.toISOString(),
    sent_at: new Date().toISOString(),
    entries,
    missing_files: missing,
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await zip.add('manifest.json', onlyChunk(text), { compress: true, modifiedAt: new Date() });
  zip.end();
}

async function addFile(
  { objects, log }: ArchiveDeps,
  zip: ZipWriter,
  file: FileRow,
): Promise<ExportEntry | undefined> {
  const { objectId, sizeBytes, fileId } = file;
  const range = { firstByte: 0, lastByte: sizeBytes - 1 };
  const bytes = objectId === undefined ? undefined : await (await objects()).read(objectId, range);
  if (bytes === undefined) {
    // It was deleted a moment ago, or the store has lost it.
    log.warn({ object_id: objectId }, 'object of a file is missing in an export');
    return undefined;
  }
  const path = archivePath(file);
  const written = await zip.add(path, bytes, { compress: false, modifiedAt: file.createdAt });
  const isDamaged = written.sha256 !== file.sha256;
  if (isDamaged) log.warn({ object_id: objectId }, 'object of a file is damaged in an export');
  return { path, ...listed(written), file_id: fileId, ...(isDamaged ? { damaged: true } : {}) };
}

function listed({ sizeBytes, sha256 }: WrittenEntry) {
  return { size: sizeBytes, sha256 };
}

async function* textOf(
  database: Database,
  exportId: string,
  part: string,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position += 1) {
    const chunk = await exportChunk(database, exportId, part, position);
    if (chunk === undefined) return;
    yield await decompress(chunk);
  }
}

async function* filesOf(database: Database, userId: string): AsyncGenerator<FileRow> {
  for (let afterId: string | undefined; ; ) {
    const files = await uploadedFilesAfter(database, userId, afterId, pageSize);
    yield* files;
    afterId = files.at(-1)?.fileId;
    if (files.length < pageSize) return;
  }
}

async function* onlyChunk(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
