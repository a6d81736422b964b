/**
 * What S3 says of the call alone; anything else means that it cannot serve: no connection, a
 * time-out, an error of its own, or a key or a bucket that it does not accept from us.
 */
const aboutTheCall = new Set([
  // HEAD has no body to carry a code, so the client makes one of the status.
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

/** For the guard of an S3. */
export function faultOfS3(error: unknown): 'away' | undefined {
  return aboutTheCall.has(codeOf(error)) ? undefined : 'away';
}

/** Undefined where the object, or the upload, is not there. */
export async function whereItExists<Found>(looking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (['NotFound', 'NoSuchKey', 'NoSuchUpload'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
