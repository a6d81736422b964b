import { NewPasskeyCredential, PasskeyAssertion } from '@secureconnect/contracts';
import { PasskeyDevice, type PasskeyDeviceOptions } from '@secureconnect/testkit';
import { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createdKey, creationOptions, requestOptions, signedBy, WrongAnswer } from './webauthn.ts';

const party = { id: 'example.com', origins: ['https://app.example.com'] };
const userId = '3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab';
const challenge = 'A'.repeat(43);

function made(options: PasskeyDeviceOptions = {}) {
  const device = new PasskeyDevice({ origin: 'https://app.example.com', ...options });
  const user = { userId, username: 'ada', displayName: 'Ada' };
  const credential = device.create(creationOptions(party, challenge, user, []));
  return { device, credential: NewPasskeyCredential.parse(credential) };
}

/** The same key with a different attestation. */
function attested(format: string, statement: ReadonlyMap<string, unknown>): NewPasskeyCredential {
  const { credential } = made();
  const { attestationObject } = credential.response;
  const decoded = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
  const changed = new Map<string, unknown>([
    ['fmt', format],
    ['attStmt', statement],
    ['authData', decoded.get('authData')],
  ]);
  const encoded = isoCBOR.encode(changed as Parameters<typeof isoCBOR.encode>[0]);
  return {
    ...credential,
    response: {
      ...credential.response,
      attestationObject: Buffer.from(encoded).toString('base64url'),
    },
  };
}

it('takes the key of a device, and what it signs', async () => {
  const { device, credential } = made();
  const { key, challenge: answered } = await createdKey(party, credential);
  expect(answered).toBe(challenge);
  const assertion = PasskeyAssertion.parse(device.sign(requestOptions(party, challenge, [])));
  const stored = { ...key, passkeyId: userId, userId };
  expect(await signedBy(party, stored, assertion)).toEqual({
    challenge,
    counter: 1,
    isBackedUp: true,
  });
  const foreign = { ...stored, userId: '00000000-0000-4000-8000-000000000000' };
  await expect(signedBy(party, foreign, assertion)).rejects.toThrow('of a different user');
});

it.each([
  [
    'packed',
    new Map<string, unknown>([
      ['alg', -7],
      ['sig', Buffer.alloc(70)],
      ['x5c', [Buffer.alloc(9)]],
    ]),
  ],
  ['android-key', new Map()],
  ['tpm', new Map()],
  ['apple', new Map()],
  ['fido-u2f', new Map()],
  ['android-safetynet', new Map()],
  ['something else', new Map()],
])(
  'refuses an attestation of the format %s with certificates, unread',
  async (format, statement) => {
    const refused = createdKey(party, attested(format, statement));
    await expect(refused).rejects.toThrow(`attestation of the format ${format}`);
    await expect(refused).rejects.toThrow(WrongAnswer);
  },
);

it('judges an attestation that the key itself is said to have signed', async () => {
  const statement = new Map<string, unknown>([
    ['alg', -7],
    ['sig', Buffer.alloc(70)],
  ]);
  await expect(createdKey(party, attested('packed', statement))).rejects.toThrow(WrongAnswer);
});

it('is never surprised: whatever a client sends is a wrong answer', async () => {
  const { device, credential } = made();
  const { key } = await createdKey(party, credential);
  const stored = { ...key, passkeyId: userId, userId };
  const assertion = PasskeyAssertion.parse(device.sign(requestOptions(party, challenge, [])));
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json)).toString('base64url')),
  );
  const attestation = fc.constantFrom('clientDataJSON', 'attestationObject');
  await fc.assert(
    fc.asyncProperty(attestation, junk, async (field, value) => {
      const response = { ...credential.response, [field]: value };
      await expect(createdKey(party, { ...credential, response })).rejects.toThrow(WrongAnswer);
    }),
  );
  const signed = fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature');
  await fc.assert(
    fc.asyncProperty(signed, junk, async (field, value) => {
      const response = { ...assertion.response, [field]: value };
      await expect(signedBy(party, stored, { ...assertion, response })).rejects.toThrow(
        WrongAnswer,
      );
    }),
  );
});
