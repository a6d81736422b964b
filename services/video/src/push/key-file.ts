import { readFileSync } from 'node:fs';
import { ConfigError } from '@secureconnect/service';

/** Larger than the key file of any push service. */
const maxBytes = 65_536;

/** The content of the key file that a variable names. @throws ConfigError */
export function readKeyFile(variable: string, path: string): string {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigError(
      `${variable} names a file that cannot be read (${code}); expected a readable file.`,
    );
  }
  if (content.byteLength <= maxBytes) return content.toString('utf8');
  throw new ConfigError(`${variable} names a file of over ${maxBytes} bytes; expected a key.`);
}
