import type { ByteRange } from '../objects/object-store.ts';

/**
 * The one range that a `Range` header asks for (RFC 9110, 14.1.2), both ends included. `whole`
 * where the header may be ignored: none, another unit, not valid, or several ranges at once.
 * `unsatisfiable` where nothing of it lies within `sizeBytes`.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') return suffix(Number(last), sizeBytes);
  const firstByte = Number(first);
  const lastByte = last === '' ? sizeBytes - 1 : Number(last);
  if (last !== '' && lastByte < firstByte) return 'whole';
  if (firstByte >= sizeBytes) return 'unsatisfiable';
  return { firstByte, lastByte: Math.min(lastByte, sizeBytes - 1) };
}

function suffix(lengthBytes: number, sizeBytes: number): ByteRange | 'unsatisfiable' {
  if (lengthBytes === 0 || sizeBytes === 0) return 'unsatisfiable';
  return { firstByte: Math.max(0, sizeBytes - lengthBytes), lastByte: sizeBytes - 1 };
}
