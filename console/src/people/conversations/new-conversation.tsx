import { useState } from 'preact/hooks';
import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useDesk } from '../person-context.ts';

/** Begins a conversation with the user of a name, or with several: then it is a group. */
export function NewConversation({ onOpen }: { onOpen: (conversationId: string) => void }) {
  const { person } = useDesk();
  const [names, setNames] = useState('');
  const begin = useAction(async () => {
    const usernames = names.split(/[\s,]+/).filter((name) => name !== '');
    const [first] = usernames;
    if (first === undefined) return;
    const conversation =
      usernames.length === 1
        ? await person.inbox.openWith(first)
        : await person.inbox.openGroup(usernames);
    setNames('');
    onOpen(conversation.conversation_id);
  });
  return (
    <form
      class="grid gap-2 border-b border-line p-4"
      onSubmit={(event) => {
        event.preventDefault();
        begin.run();
      }}
    >
      <TextField
        label="Write to"
        value={names}
        onInput={setNames}
        hint="A user name; several make a group."
        error={begin.error}
      />
      <Button type="submit" isBusy={begin.isBusy} disabled={names.trim() === ''}>
        Open
      </Button>
    </form>
  );
}
