// Rotates the keys that sign tokens. Requires DATABASE_URL and SIGNING_KEYS_SECRET, which are set in
// the container of auth:
//   npm run keys:rotate                              # a new EdDSA key
//   npm run keys:rotate -- --algorithm RS256
//   npm run keys:rotate -- --compromised             # the other keys end at once
// The new key is published now and signs in 150 s; tokens of the other keys stay good until they end.
import { parseArgs } from 'node:util';
import type { KeyAlgorithm } from '@secureconnect/tokens';
import { rotateKeys } from '../keys/rotate-keys.ts';
import { smoothRotation, urgentRotation } from '../stores/signing-keys.ts';
import { runCommand, UsageError } from './run-command.ts';

/** As JWT_SECRET. */
const minSecretBytes = 32;

await runCommand(async (database) => {
  const { values } = parseArgs({
    options: {
      algorithm: { type: 'string', default: 'EdDSA' },
      compromised: { type: 'boolean', default: false },
    },
  });
  const secret = process.env['SIGNING_KEYS_SECRET'] ?? '';
  if (Buffer.byteLength(secret) < minSecretBytes) {
    throw new UsageError(`SIGNING_KEYS_SECRET is not set to ${minSecretBytes} bytes or more.`);
  }
  const times = values.compromised ? urgentRotation : smoothRotation;
  const rotation = await rotateKeys(database, {
    algorithm: algorithmOf(values.algorithm),
    secret,
    times,
  });
  if (rotation === undefined) {
    throw new UsageError(
      'A new key is published and does not sign yet; rotate again when it does.',
    );
  }
  const { keyId, signsFrom } = rotation;
  return `Published the key ${keyId}. It signs from ${signsFrom.toISOString()}.`;
});

function algorithmOf(text: string): KeyAlgorithm {
  if (text === 'EdDSA' || text === 'RS256') return text;
  throw new UsageError(`--algorithm is "${text}"; expected EdDSA or RS256.`);
}
