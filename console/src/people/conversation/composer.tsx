import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { errorText } from '../../app/error-text.ts';
import { Button } from '../../ui/button.tsx';
import type { Timeline } from '../model/timeline.ts';
import { useDesk } from '../person-context.ts';

/** Others are told of typing this often at most, in milliseconds. */
const tellTypingEveryMs = 3000;

/** Where a message is written: Enter sends it, Shift and Enter begin a new line. */
export function Composer({ timeline }: { timeline: Timeline }) {
  const { person } = useDesk();
  const id = useId();
  const [content, setContent] = useState('');
  const noteTyping = useTyping();
  const [error, setError] = useState<string>();
  // Not awaited: the next message may be written while this one waits in the outbox.
  const send = (): void => {
    const text = content.trim();
    if (text === '') return;
    setContent('');
    setError(undefined);
    noteTyping(false);
    timeline.send({ content: text }).catch((cause: unknown) => setError(errorText(cause)));
  };
  return (
    <form
      class="grid gap-1 border-t border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {error !== undefined && (
        <p role="alert" class="text-sm text-bad">
          {error}
        </p>
      )}
      <div class="flex items-end gap-2">
        <FileButton onFile={(file) => void person.uploads.send(timeline.conversationId, file)} />
        <label for={id} class="sr-only">
          Message
        </label>
        <textarea
          id={id}
          rows={1}
          value={content}
          placeholder="Message"
          onInput={(event) => {
            setContent(event.currentTarget.value);
            noteTyping(event.currentTarget.value !== '');
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
          class="field-sizing-content max-h-40 min-h-9 min-w-0 flex-1 resize-none rounded-md border border-field-line bg-surface px-3 py-1.5"
        />
        <Button type="submit" kind="primary">
          Send
        </Button>
      </div>
    </form>
  );
}

/** Tells the others that the user types, not with every key. */
function useTyping(): (isTyping: boolean) => void {
  const { person } = useDesk();
  const toldAtMs = useRef<number | undefined>(undefined);
  useEffect(() => () => person.showTyping(false), [person]);
  return (isTyping) => {
    const now = performance.now();
    const { current: before } = toldAtMs;
    const isKnown = before !== undefined && now - before < tellTypingEveryMs;
    if (isTyping ? isKnown : before === undefined) return;
    toldAtMs.current = isTyping ? now : undefined;
    person.showTyping(isTyping);
  };
}

function FileButton({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to send"
        onChange={(event) => {
          for (const file of event.currentTarget.files ?? []) onFile(file);
          event.currentTarget.value = '';
        }}
      />
      <Button label="Send files" onClick={() => input.current?.click()}>
        Files
      </Button>
    </>
  );
}
