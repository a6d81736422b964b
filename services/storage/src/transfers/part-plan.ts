import { ApiError } from '@secureconnect/service';
import type { FileRow } from '../stores/file-row.ts';
import type { PartPlan } from './transfers.ts';

/** The parts of a file; none if it is not uploaded in parts. */
export function partPlan({ sizeBytes, partBytes }: Pick<FileRow, 'sizeBytes' | 'partBytes'>) {
  if (partBytes === undefined) return [];
  const count = Math.ceil(sizeBytes / partBytes);
  return Array.from({ length: count }, (_, index): PartPlan => {
    const isLast = index === count - 1;
    const bytes = isLast ? sizeBytes - index * partBytes : partBytes;
    return { partNumber: index + 1, sizeBytes: bytes };
  });
}

/** The error for missing bytes. */
export function notArrived(): ApiError {
  return new ApiError('CONFLICT', 'The bytes have not arrived; PUT them to upload_url first.');
}

/** Throws a CONFLICT that names the first part that is missing or has the wrong size. */
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
