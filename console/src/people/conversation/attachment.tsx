import { useAction } from '../../app/use-action.ts';
import type { SharedFile } from '../model/shared-file.ts';
import { useDesk } from '../person-context.ts';
import { shownBytes } from '../shown-bytes.ts';

/** A file of a conversation, to be downloaded. */
export function Attachment({ file }: { file: SharedFile }) {
  const { person } = useDesk();
  const download = useAction(async () => {
    const path = { file_id: file.fileId };
    const { download_url: url } = await person.client.request(
      'GET /v1/storage/download-url/:file_id',
      { path },
    );
    // The store sends it as an attachment: the page stays.
    location.assign(url);
  });
  return (
    <div class="flex flex-wrap items-baseline gap-x-2">
      <button
        type="button"
        onClick={download.run}
        aria-busy={download.isBusy}
        class="text-left font-medium wrap-anywhere text-accent underline"
      >
        {file.fileName}
      </button>
      <span class="text-sm text-muted">{shownBytes(file.sizeBytes)}</span>
      {download.error !== undefined && (
        <p role="alert" class="text-sm text-bad">
          {download.error}
        </p>
      )}
    </div>
  );
}
