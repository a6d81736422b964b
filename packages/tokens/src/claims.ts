/** The issuer and audience of access tokens; both are verified (RFC 7519, 4.1). */
export const issuer = 'secureconnect-auth';
export const audience = 'secureconnect-api';
