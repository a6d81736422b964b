/**
 * The close codes of sockets. 1000 to 2999 are from RFC 6455, section 7.4.1; 4000 to 4999 are for
 * applications, and follow the HTTP status of the same meaning.
 */
export const closeCodes = {
  /** The service stops; reconnect, and a different instance answers. */
  goingAway: { code: 1001, reason: 'going away' },
  /** A frame was larger than allowed. */
  tooLarge: { code: 1009, reason: 'frame too large' },
  /** The service cannot check now whether the socket may stay open; reconnect later. */
  tryAgainLater: { code: 1013, reason: 'try again later' },
  /** The access token expired; refresh it and reconnect. */
  tokenExpired: { code: 4401, reason: 'token expired' },
  /** The access token was revoked; log in again. */
  tokenRevoked: { code: 4403, reason: 'token revoked' },
  /** The user no longer has access to the socket's conversation or call. */
  notFound: { code: 4404, reason: 'not found' },
  /** The client reads too slowly. */
  slowConsumer: { code: 4408, reason: 'slow consumer' },
  /** The user has more conversations than one socket can follow. */
  tooManyConversations: { code: 4409, reason: 'too many conversations' },
  /** The session has opened a new socket for the same call. */
  replaced: { code: 4410, reason: 'replaced' },
  /** The client continued to send although its frames were refused for their rate. */
  flooding: { code: 4429, reason: 'too many frames' },
} as const;

/** One row of the table of close codes. */
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
