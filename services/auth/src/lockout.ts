/** So many failed logins of one address within the window lock it for a window more. */
export const lockout = { failures: 5, windowSeconds: 900 } as const;
