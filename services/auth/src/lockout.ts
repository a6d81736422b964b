/**
 * `failures` failed logins of an address within a window lock it for a further window. An attempt
 * is counted before its password is judged. An attempt that is never settled counts for
 * `leaseSeconds`, longer than any request.
 */
export const lockout = { failures: 5, windowSeconds: 900, leaseSeconds: 60 } as const;
