import type { ByteRange } from '../objects/object-store.ts';

/**
 * The range that a `Range` header requests (RFC 9110, 14.1.2), both ends included. `whole` if the
 * header may be ignored: it is absent, invalid, has a different unit or several ranges.
 * `unsatisfiable` if the range is outside `sizeBytes`.
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
