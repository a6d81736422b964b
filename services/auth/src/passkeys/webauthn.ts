import type {
  NewPasskeyCredential,
  PasskeyAssertion,
  PasskeyCreationStarted,
  PasskeyRequestStarted,
} from '@secureconnect/contracts';
import { PASSKEY_CHALLENGE_SECONDS } from '@secureconnect/contracts';
import type { CreatedKey, StoredKey } from '../stores/passkeys.ts';
import type { RelyingParty } from './relying-party.ts';

/** EdDSA, ES256 and RS256: every authenticator has one, and each key is short. */
const algorithms = [-8, -7, -257];
const maxPublicKeyBytes = 1024;
const timeoutMs = PASSKEY_CHALLENGE_SECONDS * 1000;

/** The browser's answer is wrong; the message is for the log and repeats what the client sent. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

interface Credential {
  readonly credentialId: Buffer;
  readonly transports: readonly string[];
}

/** The handle of a user at authenticators: the random id of the account, and nothing personal. */
function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The options for `navigator.credentials.create()`. */
export function creationOptions(
  party: RelyingParty,
  challenge: string,
  user: { readonly userId: string; readonly username: string; readonly displayName: string },
  existing: readonly Credential[],
): PasskeyCreationStarted['public_key'] {
  return {
    challenge,
    rp: { id: party.id, name: 'SecureConnect' },
    user: {
      id: userHandleOf(user.userId),
      name: user.username,
      displayName: user.displayName,
    },
    pubKeyCredParams: algorithms.map((alg) => ({ alg, type: 'public-key' as const })),
    timeout: timeoutMs,
    attestation: 'none',
    excludeCredentials: existing.map(descriptor),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
  };
}

/** The options for `navigator.credentials.get()`; without `allowed`, any passkey of this place. */
export function requestOptions(
  party: RelyingParty,
  challenge: string,
  allowed: readonly Credential[],
): PasskeyRequestStarted['public_key'] {
  return {
    challenge,
    rpId: party.id,
    timeout: timeoutMs,
    userVerification: 'required',
    allowCredentials: allowed.map(descriptor),
  };
}

function descriptor({ credentialId, transports }: Credential) {
  const id = credentialId.toString('base64url');
  return { id, type: 'public-key' as const, transports: [...transports] };
}

/** The key that an authenticator has created, and the challenge that it answers. */
export interface Created {
  readonly key: CreatedKey;
  /** Says the browser: to be found, and used up, in SQL. */
  readonly challenge: string;
}

/** The library, loaded at its first use: it is a third of what the service would load at its start. */
async function loadLibrary() {
  const [server, helpers] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ]);
  return { ...server, ...helpers };
}

type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** Judges a new key. Throws WrongAnswer. */
export async function createdKey(
  party: RelyingParty,
  credential: NewPasskeyCredential,
): Promise<Created> {
  const library = await loadLibrary();
  return judged(async () => {
    const { id, rawId, type, response } = credential;
    const { clientDataJSON, attestationObject } = response;
    const challenge = challengeOf(library, clientDataJSON);
    refuseCertificates(library, attestationObject);
    const { verified, registrationInfo: made } = await library.verifyRegistrationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON, attestationObject },
      },
      ...expected(party, challenge),
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified) throw new Error('the attestation is wrong');
    const { publicKey, counter } = made.credential;
    if (made.credential.id !== id) throw new Error('the id is not that of the key');
    if (publicKey.length > maxPublicKeyBytes) throw new Error('the key is too long');
    const key = {
      credentialId: Buffer.from(id, 'base64url'),
      publicKey: Buffer.from(publicKey),
      counter,
      transports: response.transports ?? [],
      isBackedUp: made.credentialBackedUp,
    };
    return { key, challenge };
  });
}

/** What an authenticator has signed. */
export interface Signed {
  readonly challenge: string;
  readonly counter: number;
  readonly isBackedUp: boolean;
}

/**
 * Judges a signature by a stored key. Challenge and counter are to be compared in SQL, which uses
 * them up. Throws WrongAnswer.
 */
export async function signedBy(
  party: RelyingParty,
  key: StoredKey,
  credential: PasskeyAssertion,
): Promise<Signed> {
  const library = await loadLibrary();
  return judged(async () => {
    const { id, rawId, type, response } = credential;
    const { clientDataJSON, authenticatorData, signature, userHandle } = response;
    if (typeof userHandle === 'string' && userHandle !== userHandleOf(key.userId)) {
      throw new Error('the user handle is of a different user');
    }
    const challenge = challengeOf(library, clientDataJSON);
    const { verified, authenticationInfo: signed } = await library.verifyAuthenticationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON, authenticatorData, signature },
      },
      ...expected(party, challenge),
      // The library would compare the counter before the signature.
      credential: { id, publicKey: Uint8Array.from(key.publicKey), counter: 0 },
    });
    if (!verified) throw new Error('the signature is wrong');
    return { challenge, counter: signed.newCounter, isBackedUp: signed.credentialBackedUp };
  });
}

function expected(party: RelyingParty, challenge: string) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: [...party.origins],
    expectedRPID: party.id,
    requireUserVerification: true,
  };
}

/** Throws if a page within a page of another origin has asked: its user may see the wrong one. */
function challengeOf(library: Library, clientDataJSON: string): string {
  const { challenge, crossOrigin } = library.decodeClientDataJSON(clientDataJSON);
  if (crossOrigin === true) throw new Error('asked by a page within a page of another origin');
  return challenge;
}

/**
 * Certificates were not asked for, and the library would load lists of revoked ones from addresses
 * that they name. A statement that the key itself has signed names none.
 */
function refuseCertificates(library: Library, attestationObject: string): void {
  const decoded = library.decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
  const format = decoded.get('fmt');
  const isOfTheKey = format === 'packed' && decoded.get('attStmt').get('x5c') === undefined;
  if (format !== 'none' && !isOfTheKey) throw new Error(`attestation of the format ${format}`);
}

/** The library raises plain errors, of its parsers too: whatever it raises, the answer is wrong. */
async function judged<Result>(judge: () => Promise<Result>): Promise<Result> {
  try {
    return await judge();
  } catch (cause) {
    throw new WrongAnswer(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
