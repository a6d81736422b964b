import { z } from 'zod';
import { Timestamp, Uuid } from './primitives.ts';

/** An export of all data of a person. Until `expires_at`, its archive can be downloaded. */
export const DataExport = z
  .object({
    export_id: Uuid,
    state: z.enum(['preparing', 'ready']),
    requested_at: Timestamp,
    ready_at: Timestamp.nullable(),
    expires_at: Timestamp,
  })
  .meta({ id: 'DataExport' });
export type DataExport = z.infer<typeof DataExport>;

/** Reply of `POST /v1/users/me/export/link`; the path begins at the address of the API. */
export const DataExportLink = z
  .object({
    download_path: z.string().meta({
      examples: ['/v1/storage/exports/2f0c1f2e-7a3d-4b7e-9d55-0c6d1f5a9b11?token=…'],
    }),
    expires_at: Timestamp,
  })
  .meta({ id: 'DataExportLink' });
export type DataExportLink = z.infer<typeof DataExportLink>;

/** The query of an archive's link. An absent token is FORBIDDEN, as a wrong one. */
export const DataExportQuery = z.object({ token: z.string().max(64).default('') });

/** An entry of an archive. */
export const ExportEntry = z.object({
  path: z.string(),
  /** In bytes. */
  size: z.int().min(0),
  /** In hexadecimal. */
  sha256: z.string(),
  /** The number of entries in each list of a JSON file. */
  lists: z.record(z.string(), z.int()).exactOptional(),
  file_id: Uuid.exactOptional(),
  /** The object store had different bytes than were uploaded. */
  damaged: z.literal(true).exactOptional(),
});
export type ExportEntry = z.infer<typeof ExportEntry>;

/** `manifest.json`, the last entry of an archive; it lists all others. */
export const ExportManifest = z.object({
  format: z.literal(1),
  export_id: Uuid,
  user_id: Uuid,
  requested_at: Timestamp,
  /** When the last JSON file was written; files are as of `sent_at`. */
  written_at: Timestamp,
  sent_at: Timestamp,
  entries: z.array(ExportEntry),
  /** Files whose bytes the object store did not have. */
  missing_files: z.array(Uuid),
});
export type ExportManifest = z.infer<typeof ExportManifest>;
