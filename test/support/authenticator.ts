// Stands for `oathtool --totp -b SECRET`, with the clock of a user who waits for the next code: the
// first code of a secret is that of the step before, the second one that of the current step. Each is
// accepted once, so a test that took the current code twice would have to wait for half a minute.
import { createHmac } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const stepSeconds = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Close to its end a code would be too old when it arrives, so its user waits for the next one. */
const minSecondsLeft = 3;
const secondsLeft = (): number => stepSeconds - ((Date.now() / 1000) % stepSeconds);
while (secondsLeft() < minSecondsLeft) await setTimeout(100);

const [, , folder = '.', secret = ''] = process.argv;
const shown = join(folder, `shown-${secret}`);
const stepsAgo = existsSync(shown) ? 0 : 1;
writeFileSync(shown, '');
const code = totp(secret, Math.floor(Date.now() / 1000 / stepSeconds) - stepsAgo);
process.stdout.write(`${code}\n`);

/** RFC 6238 with SHA-1 and six digits, by the truncation of RFC 4226, 5.3. */
function totp(base32: string, step: number): string {
  const bits = [...base32].map((char) => alphabet.indexOf(char).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
