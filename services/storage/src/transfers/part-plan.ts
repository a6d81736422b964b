import { ApiError } from '@secureconnect/service';
import type { FileRow } from '../stores/file-row.ts';
import type { PartPlan } from './transfers.ts';

/** The parts that a file comes in; none where it comes as a whole. */
export function partPlan({ sizeBytes, partBytes }: Pick<FileRow, 'sizeBytes' | 'partBytes'>) {
  if (partBytes === undefined) return [];
  const count = Math.ceil(sizeBytes / partBytes);
  return Array.from({ length: count }, (_, index): PartPlan => {
    const isLast = index === count - 1;
    const bytes = isLast ? sizeBytes - index * partBytes : partBytes;
    return { partNumber: index + 1, sizeBytes: bytes };
  });
}

/** The error for bytes that are not there, or not all of them. */
export function notArrived(): ApiError {
  return new ApiError('CONFLICT', 'The bytes have not arrived; PUT them to upload_url first.');
}

/** Throws CONFLICT naming the first part that is missing, or is not as long as it should be. */
export function requireEveryPart(plan: readonly PartPlan[], received: readonly PartPlan[]): void {
  const sizes = new Map(received.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes]));
  for (const { partNumber, sizeBytes } of plan) {
    const found = sizes.get(partNumber);
    if (found === sizeBytes) continue;
    const message =
      found === undefined
        ? `Part ${partNumber} of ${plan.length} has not arrived; PUT it first.`
        : `Part ${partNumber} has ${found} bytes instead of ${sizeBytes}; PUT it again.`;
    const details = [{ field: `parts.${partNumber}`, message: `expected ${sizeBytes} bytes` }];
    throw new ApiError('CONFLICT', message, { details });
  }
}
