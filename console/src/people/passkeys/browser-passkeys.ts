import type { RequestOf, Schemas } from '@secureconnect/client';

type NewCredential = RequestOf<'POST /v1/users/me/passkeys/finish'>['body']['credential'];
type SignInCredential = RequestOf<'POST /v1/auth/passkeys/finish'>['body']['credential'];

/** Whether this browser has passkeys, and speaks of them in JSON. */
export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential === 'function' &&
    'parseRequestOptionsFromJSON' in PublicKeyCredential
  );
}

/** Lets the user choose a passkey of this site. @throws DOMException where the user cancels */
export async function usePasskey({
  public_key: options,
}: Schemas['PasskeyRequestStarted']): Promise<SignInCredential> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  return jsonOf(credential) as SignInCredential;
}

/** Lets the user create a passkey for this site. @throws DOMException where the user cancels */
export async function createPasskey({
  public_key: options,
}: Schemas['PasskeyCreationStarted']): Promise<NewCredential> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  return jsonOf(credential) as NewCredential;
}

function jsonOf(credential: Credential | null): unknown {
  if (credential instanceof PublicKeyCredential) return credential.toJSON();
  throw new Error('expected a passkey from the browser, as it was asked for one');
}
