import { z } from 'zod';
import { DeviceName, Timestamp, text, trimmedText, Uuid } from './primitives.ts';

/** Maximum passkeys of a user. */
export const MAX_PASSKEYS = 20;

/** Maximum time between options and the browser's answer to them, in seconds. */
export const PASSKEY_CHALLENGE_SECONDS = 300;

/** Maximum length of the id of a credential in base64url: 1023 bytes (WebAuthn 3, 4). */
const maxCredentialIdLength = 1364;
const minCredentialIdLength = 22;
const maxClientDataLength = 4096;
const maxAttestationLength = 16_384;
const maxAssertionPartLength = 4096;

const base64url = (minimum: number, maximum: number, example: string) =>
  text(minimum, maximum)
    .regex(/^[A-Za-z0-9_-]*$/, 'expected base64url without padding')
    .meta({ examples: [example] });

const CredentialId = base64url(
  minCredentialIdLength,
  maxCredentialIdLength,
  '1i0rfcL2rKJW660rXdvbUi96gtaP7CgIcvjwWuuFBD4',
);
const ClientData = base64url(
  1,
  maxClientDataLength,
  'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWmszdlE5In0',
);
const Transport = text(1, 32)
  .regex(/^[a-z-]*$/, 'expected a transport, such as "internal"')
  .meta({ examples: ['internal'] });
const Transports = z.array(Transport).max(16);
const UserHandle = base64url(1, 86, 'PwyaUo0eS3qcNl4vcdgEqw');
const Challenge = z.string().meta({ examples: ['kEuo1qqY8AfRmoFzqeNhF6jzNoHQvGCbu_YhDO-g1uo'] });
const RelyingPartyId = z.string().meta({ examples: ['example.com'] });
const CredentialType = z.literal('public-key');

const credential = {
  id: CredentialId,
  rawId: CredentialId,
  type: CredentialType,
};

/** What `navigator.credentials.create()` gave: `credential.toJSON()` (WebAuthn 3, 5.1). */
export const NewPasskeyCredential = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: ClientData,
    attestationObject: base64url(1, maxAttestationLength, 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ'),
    transports: Transports.exactOptional(),
  }),
});
export type NewPasskeyCredential = z.infer<typeof NewPasskeyCredential>;

/** What `navigator.credentials.get()` gave: `credential.toJSON()` (WebAuthn 3, 5.1). */
export const PasskeyAssertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: ClientData,
    authenticatorData: base64url(
      1,
      maxAssertionPartLength,
      'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MdAAAAAQ',
    ),
    signature: base64url(1, maxAssertionPartLength, 'MEYCIQCbVKPzuaAyxoqWqKHh4VX1qxWtKmzj8hIGdQ'),
    // The browser's JSON has null where the authenticator gave none.
    userHandle: UserHandle.nullish(),
  }),
});
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

const expiresIn = z
  .int()
  .min(1)
  .max(PASSKEY_CHALLENGE_SECONDS)
  .meta({ examples: [PASSKEY_CHALLENGE_SECONDS] });
const timeout = z.int().meta({
  description: 'Milliseconds.',
  examples: [PASSKEY_CHALLENGE_SECONDS * 1000],
});
const Descriptor = z.object({ id: CredentialId, type: CredentialType, transports: Transports });
const Descriptors = z.array(Descriptor).max(MAX_PASSKEYS);

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`, valid once. */
export const PasskeyCreationStarted = z
  .object({
    public_key: z.object({
      challenge: Challenge,
      rp: z.object({
        id: RelyingPartyId,
        name: z.string().meta({ examples: ['SecureConnect'] }),
      }),
      user: z.object({
        id: UserHandle,
        name: z.string().meta({ examples: ['ada.lovelace'] }),
        displayName: z.string().meta({ examples: ['Ada Lovelace'] }),
      }),
      pubKeyCredParams: z.array(
        z.object({
          alg: z.int().meta({ description: 'A COSE algorithm.', examples: [-7] }),
          type: CredentialType,
        }),
      ),
      timeout,
      attestation: z.literal('none'),
      excludeCredentials: Descriptors,
      authenticatorSelection: z.object({
        residentKey: z.literal('required'),
        requireResidentKey: z.literal(true),
        userVerification: z.literal('required'),
      }),
    }),
    expires_in: expiresIn,
  })
  .meta({ id: 'PasskeyCreationStarted' });
export type PasskeyCreationStarted = z.infer<typeof PasskeyCreationStarted>;

/**
 * For `PublicKeyCredential.parseRequestOptionsFromJSON()`, valid once. Without `allowCredentials` the
 * browser offers every passkey that it has for this place, so no user name is asked.
 */
export const PasskeyRequestStarted = z
  .object({
    public_key: z.object({
      challenge: Challenge,
      rpId: RelyingPartyId,
      timeout,
      userVerification: z.literal('required'),
      allowCredentials: Descriptors,
    }),
    expires_in: expiresIn,
  })
  .meta({ id: 'PasskeyRequestStarted' });
export type PasskeyRequestStarted = z.infer<typeof PasskeyRequestStarted>;

export const PasskeyName = trimmedText(1, 100).meta({
  description: 'Shown in the list of passkeys. Default: derived from the User-Agent.',
  examples: ['Ada’s phone'],
});

/** Body of `POST /v1/auth/passkeys/finish`. */
export const PasskeySignIn = z.object({
  credential: PasskeyAssertion,
  device_name: DeviceName.exactOptional(),
});

/** Body of `POST /v1/auth/step-up/passkey/finish`. */
export const PasskeyStepUp = z.object({ credential: PasskeyAssertion });

/** Body of `POST /v1/users/me/passkeys/finish`. */
export const NewPasskey = z.object({
  credential: NewPasskeyCredential,
  name: PasskeyName.exactOptional(),
});

/** Body of `PATCH /v1/users/me/passkeys/:passkey_id`. */
export const PasskeyChange = z.object({ name: PasskeyName });

/** A passkey of the requesting user. */
export const Passkey = z
  .object({
    passkey_id: Uuid,
    name: PasskeyName,
    created_at: Timestamp,
    last_used_at: Timestamp.nullable(),
    backed_up: z.boolean().meta({
      description: 'Whether a copy is kept outside of the device, as of its last use.',
    }),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof Passkey>;

/** Reply of `GET /v1/users/me/passkeys`, oldest first. */
export const Passkeys = z
  .object({ passkeys: z.array(Passkey).max(MAX_PASSKEYS) })
  .meta({ id: 'Passkeys' });

/** Reply of `DELETE /v1/users/me/passkeys/:passkey_id`. */
export const PasskeyRemoved = z.object({ removed: z.literal(true) });
