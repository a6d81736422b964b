import { z } from 'zod';
import type { FileRow } from '../stores/file-row.ts';
import type { Transfers } from '../transfers/transfers.ts';
import type { Ask, Verdict } from './ask.ts';
import { withHook } from './scan-hook-failed.ts';

const Answer = z.object({ clean: z.boolean() });

export interface AskUrlOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly transfers: Pick<Transfers, 'scanUrl'>;
}

/** Asks a hook by a POST with the download URL and the metadata of the file. */
export function askUrl({ url, timeoutMs, transfers }: AskUrlOptions): Ask {
  return async (file) => {
    const { url: downloadUrl, expiresAt } = await transfers.scanUrl(file);
    const body = JSON.stringify({
      ...described(file),
      download_url: downloadUrl,
      expires_at: expiresAt.toISOString(),
    });
    return withHook(() => posted(url, body, timeoutMs));
  };
}

async function posted(url: string, body: string, timeoutMs: number): Promise<Verdict> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the scan hook answered ${response.status}`);
  }
  return Answer.parse(await response.json()).clean ? 'clean' : 'infected';
}

function described(file: FileRow): object {
  return {
    file_id: file.fileId,
    file_name: file.fileName,
    file_size: file.sizeBytes,
    content_type: file.contentType,
    is_encrypted: file.isEncrypted,
    sha256: file.sha256,
  };
}
