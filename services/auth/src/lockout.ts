/**
 * So many failed logins of one address within the window lock it for a window more. An attempt is
 * counted before its password is judged; one that is never settled counts for `leaseSeconds`, which
 * is more than a request may take.
 */
export const lockout = { failures: 5, windowSeconds: 900, leaseSeconds: 60 } as const;
