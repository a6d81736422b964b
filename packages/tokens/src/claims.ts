/** Who signs the access tokens, and for whom; both are checked (RFC 7519, 4.1). */
export const issuer = 'secureconnect-auth';
export const audience = 'secureconnect-api';
