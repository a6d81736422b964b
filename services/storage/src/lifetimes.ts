/** Lifetime of an upload URL. */
export const uploadSeconds = 15 * 60;
/** Lifetime of a download URL. */
export const downloadSeconds = 60 * 60;
/** The 15 minutes of the URL, a PUT that began at their end, and time to complete the upload. */
export const reservationMs = 60 * 60_000;
/** For an upload in parts, which can request new URLs at any time. */
export const multipartReservationMs = 24 * 60 * 60_000;
/** Longer than any request, so nobody still writes or reads an object unattached for this long. */
export const unattachedMs = 60 * 60_000;
