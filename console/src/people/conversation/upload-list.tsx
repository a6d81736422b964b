import { errorText } from '../../app/error-text.ts';
import { Button } from '../../ui/button.tsx';
import type { Upload } from '../model/uploads.ts';
import { useDesk } from '../person-context.ts';

/** Files on their way into a conversation. */
export function UploadList({ conversationId }: { conversationId: string }) {
  const { person } = useDesk();
  const own = person.uploads.list.value.filter((each) => each.conversationId === conversationId);
  if (own.length === 0) return null;
  return (
    <ul aria-label="Files on their way" class="grid gap-2 border-t border-line px-3 py-2">
      {own.map((upload) => (
        <UploadItem key={upload.id} upload={upload} />
      ))}
    </ul>
  );
}

function UploadItem({ upload }: { upload: Upload }) {
  const { uploads } = useDesk().person;
  const { error, fileName, id, progress } = upload;
  return (
    <li class="flex flex-wrap items-center gap-2 text-sm">
      <span class="min-w-0 flex-1 truncate">{fileName}</span>
      {error === undefined ? (
        <progress value={progress} max={1} aria-label={`Sending ${fileName}`} class="h-2 w-24" />
      ) : (
        <>
          <span role="alert" class="text-bad">
            {errorText(error)}
          </span>
          <Button onClick={() => void uploads.retry(id)}>Try again</Button>
        </>
      )}
      <Button kind="quiet" label={`Do not send ${fileName}`} onClick={() => uploads.cancel(id)}>
        ✕
      </Button>
    </li>
  );
}
