import { RefusedError } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { Link } from '../../app/link.tsx';
import { PageTitle } from '../../app/page-title.tsx';
import { navigate } from '../../app/router.ts';
import { useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';

const fields = ['display_name', 'username', 'email', 'password'] as const;
type Field = (typeof fields)[number];
type Values = Readonly<Record<Field, string>>;

/** Makes an account, and signs in with it. */
export function SignUpPage() {
  const { client, refresh } = useSession();
  const [values, setValues] = useState<Values>({
    ...{ display_name: '', username: '', email: '', password: '' },
  });
  const [faults, setFaults] = useState<Partial<Values>>({});
  const signUp = useAction(async () => {
    setFaults({});
    try {
      await client.signUp({ ...values, device_name: 'Console' });
    } catch (error) {
      if (error instanceof RefusedError) setFaults(faultsOf(error));
      throw error;
    }
    await refresh();
    navigate('/people', { replace: true });
  });
  const at = (field: Field) => ({
    value: values[field],
    onInput: (value: string) => setValues((before) => ({ ...before, [field]: value })),
    error: faults[field],
    required: true,
  });
  return (
    <div class="mx-auto max-w-sm py-8">
      <PageTitle title="Create an account" />
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signUp.run();
        }}
      >
        <TextField label="Name" autoComplete="name" {...at('display_name')} />
        <TextField
          label="User name"
          autoComplete="nickname"
          hint="Others find you by it."
          {...at('username')}
        />
        <TextField label="E-mail address" type="email" autoComplete="username" {...at('email')} />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters, and none that others use."
          {...at('password')}
        />
        {signUp.error !== undefined && <Notice tone="bad">{signUp.error}</Notice>}
        <Button type="submit" kind="primary" isBusy={signUp.isBusy}>
          Create the account
        </Button>
        <p class="text-sm text-muted">
          You have one?{' '}
          <Link to="/sign-in" class="text-accent underline">
            Sign in
          </Link>
        </p>
      </form>
    </div>
  );
}

/** What the server says of each field. */
function faultsOf({ details }: RefusedError): Partial<Values> {
  const known = details.flatMap(({ field, message }) => {
    const name = fields.find((each) => field.endsWith(each));
    return name === undefined ? [] : [[name, message] as const];
  });
  return Object.fromEntries(known);
}
