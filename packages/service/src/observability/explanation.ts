/** What an operator reads about a failure: what went wrong, and what to do. */
export interface Explanation {
  readonly problem: string;
  readonly remedy: string;
  /** The server's own words name what it is about, such as the table; they hold no secret. */
  readonly quotesServer?: true;
}

/** Explanations by the codes of a server, of Node or of OpenSSL, or by words that stand for one. */
export type Explanations = Readonly<Record<string, Explanation>>;

/** The rows of connections that do not come about, or end. */
export function connectionExplanations(remedy: string) {
  return {
    ECONNREFUSED: { problem: 'the connection was refused', remedy },
    ECONNRESET: { problem: 'the connection was closed', remedy },
    ETIMEDOUT: { problem: 'the connection timed out', remedy },
    EHOSTUNREACH: { problem: 'the host is unreachable', remedy },
    ENETUNREACH: { problem: 'the network is unreachable', remedy },
  } as const satisfies Explanations;
}

/** The rows of host names without an address; `remedy` says where the name is set. */
export function hostNameExplanations(remedy: string) {
  return {
    ENOTFOUND: { problem: 'the host name does not resolve', remedy },
    EAI_AGAIN: { problem: 'the host name could not be looked up', remedy },
  } as const satisfies Explanations;
}

/**
 * The rows of certificates that are not accepted.
 * @param where the variables that name the authority, and the host of the server
 */
export function certificateExplanations({ authority, host }: Record<'authority' | 'host', string>) {
  const untrusted = {
    problem: 'the certificate is not trusted',
    remedy: `Name the authority of the server in ${authority}.`,
  };
  return {
    CERT_HAS_EXPIRED: {
      problem: 'the certificate has expired',
      remedy: 'Renew it, or correct the clock.',
    },
    CERT_NOT_YET_VALID: {
      problem: 'the certificate is not valid yet',
      remedy: 'Correct the clock.',
    },
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
    ERR_TLS_CERT_ALTNAME_INVALID: {
      problem: 'the certificate is for a different host',
      remedy: `Use a host in ${host} that the certificate names.`,
    },
  } as const satisfies Explanations;
}

interface Failure {
  readonly code: string;
  /** What could not be used, with its address and without a password. */
  readonly place: string;
  /** What stands in parentheses. Default: the code. */
  readonly reason?: string;
  readonly serverWords?: string | undefined;
}

/**
 * One line about a failure by its row: `Object store at s3:9000: the key is unknown
 * (InvalidAccessKeyId). Correct S3_ACCESS_KEY.` Undefined for a code without a row.
 */
export function explain(
  table: Explanations,
  { code, place, reason = code, serverWords }: Failure,
): string | undefined {
  if (!Object.hasOwn(table, code)) return undefined;
  const { problem, remedy, quotesServer } = table[code] as Explanation;
  const words = quotesServer && serverWords !== undefined ? `: ${serverWords}` : '';
  return `${place}: ${problem} (${reason}${words}). ${remedy}`;
}
