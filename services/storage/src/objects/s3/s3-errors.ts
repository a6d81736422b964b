/**
 * Codes of errors in the call itself. All other errors mean that the S3 cannot serve: no
 * connection, a time-out, an internal error, or a refused key or bucket.
 */
const aboutTheCall = new Set([
  // A reply to HEAD has no body with a code, so the client derives one from the status.
  'NotFound',
  'NoSuchKey',
  'NoSuchUpload',
  'InvalidPart',
  'InvalidPartOrder',
  'EntityTooSmall',
]);

/** The code of an error of S3; '' for errors of the connection. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Classifies errors of an S3 for `StoreGuard`. */
export function faultOfS3(error: unknown): 'away' | undefined {
  return aboutTheCall.has(codeOf(error)) ? undefined : 'away';
}

/** Undefined if the object or the upload does not exist. */
export async function whereItExists<Found>(looking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (['NotFound', 'NoSuchKey', 'NoSuchUpload'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
