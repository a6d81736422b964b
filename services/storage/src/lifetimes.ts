/** How long a URL to send bytes to is good. */
export const uploadSeconds = 15 * 60;
/** How long a URL to get bytes from is good. */
export const downloadSeconds = 60 * 60;
/** The 15 minutes of the URL, a PUT that began at their end, and time to say that it is done. */
export const reservationMs = 60 * 60_000;
/** For a file in parts, which has new URLs whenever it asks for them. */
export const multipartReservationMs = 24 * 60 * 60_000;
/** No request lasts this long, so nobody is still writing or reading an object unattached since. */
export const unattachedMs = 60 * 60_000;
