/**
 * Every code that a socket is closed with. 1000 to 2999 are those of RFC 6455, section 7.4.1; 4000
 * to 4999 are free for applications, and follow the HTTP status of the same meaning.
 */
export const closeCodes = {
  /** The service stops; connect again, another instance answers. */
  goingAway: { code: 1001, reason: 'going away' },
  /** A frame was larger than allowed. */
  tooLarge: { code: 1009, reason: 'frame too large' },
  /** It cannot be told now whether the socket may stay; connect again later. */
  tryAgainLater: { code: 1013, reason: 'try again later' },
  /** The access token ended; refresh it and connect again. */
  tokenExpired: { code: 4401, reason: 'token expired' },
  /** The access token was revoked; log in again. */
  tokenRevoked: { code: 4403, reason: 'token revoked' },
  /** What the socket was opened for is no longer the user's. */
  notFound: { code: 4404, reason: 'not found' },
  /** The client does not read as fast as others write. */
  slowConsumer: { code: 4408, reason: 'slow consumer' },
  /** The user takes part in more conversations than one socket follows. */
  tooManyConversations: { code: 4409, reason: 'too many conversations' },
  /** The client went on sending although every frame was refused for its rate. */
  flooding: { code: 4429, reason: 'too many frames' },
} as const;

/** One row of the table of close codes. */
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
