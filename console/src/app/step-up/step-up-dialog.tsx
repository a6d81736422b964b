import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSession } from '../session.tsx';
import { isTotpCode } from '../totp-code.ts';
import { useAction } from '../use-action.ts';

interface StepUpDialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks for the password or a code before a sensitive change. */
export function StepUpDialog({ onDone, onClose }: StepUpDialogProps) {
  const { client } = useSession();
  const [proof, setProof] = useState('');
  const confirm = useAction(async () => {
    const body = isTotpCode(proof) ? { code: proof } : { password: proof };
    await client.request('POST /v1/auth/step-up', { body });
    onDone();
  });
  return (
    <Dialog title="Confirm that it is you" onClose={onClose}>
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.run();
        }}
      >
        <TextField
          label="Password or code"
          type="password"
          autoComplete="current-password"
          hint="Your password or, if you have a second factor, a code of your authenticator app."
          value={proof}
          onInput={setProof}
          required
        />
        {confirm.error !== undefined && <Notice tone="bad">{confirm.error}</Notice>}
        <div class="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={confirm.isBusy}>
            Confirm
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
