import type { Schemas } from '@secureconnect/client';
import { useRef, useState } from 'preact/hooks';
import { useSession } from '../../app/session.tsx';
import { useSensitiveAction } from '../../app/step-up/use-sensitive-action.tsx';
import { useFocusWhenLost } from '../../app/use-focus-when-lost.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useRead } from './use-read.ts';

/** An authenticator app, asked for after the password. */
export function SecondFactorPanel() {
  const { client } = useSession();
  const [enrolment, setEnrolment] = useState<Schemas['TotpEnrolment']>();
  const [codes, setCodes] = useState<readonly string[]>();
  const { again, error, value } = useRead(() => client.request('GET /v1/users/me/second-factor'));
  const begin = useSensitiveAction(async () => {
    setEnrolment(await client.request('POST /v1/users/me/second-factor/totp'));
  });
  const remove = useSensitiveAction(async () => {
    await client.request('DELETE /v1/users/me/second-factor');
    setCodes(undefined);
    again();
  });
  const finish = (created: readonly string[]): void => {
    setEnrolment(undefined);
    setCodes(created);
    again();
  };
  useFocusWhenLost(value?.enabled);
  const problem = error ?? begin.error ?? remove.error;
  return (
    <Panel title="Second factor">
      <p class="mb-3 text-sm text-muted">
        {value?.enabled === true
          ? `An authenticator app is asked for when you sign in. ${value.recovery_codes_left} recovery codes are left.`
          : 'With an authenticator app, a stolen password is not enough to sign in.'}
      </p>
      {codes !== undefined && <RecoveryCodes codes={codes} />}
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {enrolment !== undefined && <Enrolment enrolment={enrolment} onDone={finish} />}
      {value?.enabled === true && (
        <Button kind="danger" onClick={() => remove.run()} isBusy={remove.isBusy}>
          Remove the authenticator app
        </Button>
      )}
      {value?.enabled === false && enrolment === undefined && (
        <Button onClick={() => begin.run()} isBusy={begin.isBusy}>
          Add an authenticator app
        </Button>
      )}
      {begin.question}
      {remove.question}
    </Panel>
  );
}

interface EnrolmentProps {
  readonly enrolment: Schemas['TotpEnrolment'];
  /** Given the recovery codes, which are shown this once. */
  readonly onDone: (recoveryCodes: readonly string[]) => void;
}

function Enrolment({ enrolment, onDone }: EnrolmentProps) {
  const { client } = useSession();
  const [code, setCode] = useState('');
  const form = useRef<HTMLFormElement>(null);
  useFocusWhenLost(enrolment, form);
  const confirm = useSensitiveAction(async () => {
    const body = { code: code.replaceAll(/\s/g, '') };
    const created = await client.request('POST /v1/users/me/second-factor/totp/confirm', { body });
    onDone(created.recovery_codes);
  });
  return (
    <form
      ref={form}
      tabIndex={-1}
      aria-label="Authenticator app"
      class="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.run();
      }}
    >
      <p class="text-sm">Scan the code with the app, or type the secret into it:</p>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}`}
        alt="The code for the authenticator app"
        class="size-44 rounded bg-white p-2"
      />
      <code class="text-sm break-all">{enrolment.secret}</code>
      <TextField
        label="Code of the app"
        autoComplete="one-time-code"
        inputMode="numeric"
        value={code}
        onInput={setCode}
        error={confirm.error}
        required
      />
      <div>
        <Button type="submit" kind="primary" isBusy={confirm.isBusy}>
          Confirm
        </Button>
      </div>
      {confirm.question}
    </form>
  );
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const list = useRef<HTMLDivElement>(null);
  useFocusWhenLost(codes, list);
  return (
    <div ref={list} tabIndex={-1} class="mb-3">
      <Notice tone="good">
        <p class="font-semibold">
          Keep these recovery codes: each signs in once without the app, and they are not shown
          again.
        </p>
        <ul class="mt-2 grid grid-cols-2 gap-1 font-mono" aria-label="Recovery codes">
          {codes.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
