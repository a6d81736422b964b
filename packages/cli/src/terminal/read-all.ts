import type { Readable } from 'node:stream';
import { UsageError } from '../errors.ts';

/**
 * Everything on the input, as text.
 * @throws UsageError where it is longer than `maxBytes`
 */
export async function readAll(input: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > maxBytes) throw new UsageError(`The input is longer than ${maxBytes} bytes.`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
