import { useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { TextField } from './text-field.tsx';

interface SearchFormProps {
  readonly label: string;
  /** Gets the text without spaces around it. */
  readonly onSearch: (text: string) => void;
}

/** A field and its button: searches when it is sent, not while it is written. */
export function SearchForm({ label, onSearch }: SearchFormProps) {
  const [text, setText] = useState('');
  return (
    <form
      class="mb-4 flex max-w-xl items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <div class="grow">
        <TextField label={label} type="search" value={text} onInput={setText} />
      </div>
      <Button type="submit">Search</Button>
    </form>
  );
}
