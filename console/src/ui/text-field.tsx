import { useId } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'number';
  readonly autoComplete?: string;
  readonly inputMode?: 'numeric' | 'text' | 'email';
  readonly hint?: string;
  /** What is wrong with the value, and what was expected. */
  readonly error?: string | undefined;
  readonly required?: boolean;
}

export function TextField({
  label,
  value,
  onInput,
  type = 'text',
  autoComplete,
  inputMode,
  hint,
  error,
  required = false,
}: TextFieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div class="grid gap-1">
      <label for={id} class="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        // Preact types each kind of field apart; all of these take the same attributes.
        type={type as 'text'}
        value={value}
        autocomplete={autoComplete}
        inputMode={inputMode}
        required={required}
        aria-invalid={error !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onInput={(event) => onInput(event.currentTarget.value)}
        class="min-h-9 w-full rounded-md border border-field-line bg-surface px-3 py-1.5 text-ink"
      />
      {note !== undefined && (
        <p
          id={`${id}-note`}
          class={error === undefined ? 'text-sm text-muted' : 'text-sm text-bad'}
        >
          {note}
        </p>
      )}
    </div>
  );
}
