export const algorithms = ['HS256', 'EdDSA', 'RS256'] as const;
export type Algorithm = (typeof algorithms)[number];

/** jsonwebtoken has no EdDSA, so jose stands beside ours there. */
export const verifiers = ['ours', 'jsonwebtoken', 'jose'] as const;
export type Verifier = (typeof verifiers)[number];

/** What is compared, in the order of the table. */
export const subjects: readonly Subject[] = [
  { algorithm: 'HS256', verifier: 'ours' },
  { algorithm: 'HS256', verifier: 'jsonwebtoken' },
  { algorithm: 'EdDSA', verifier: 'ours' },
  { algorithm: 'EdDSA', verifier: 'jose' },
  { algorithm: 'RS256', verifier: 'ours' },
  { algorithm: 'RS256', verifier: 'jsonwebtoken' },
];

export interface Subject {
  readonly algorithm: Algorithm;
  readonly verifier: Verifier;
}

/** What one child measures. */
export interface Task extends Subject {
  readonly tokens: number;
}

/** CPU time of the whole process, its thread pool included, per verification, in microseconds. */
export interface TokenFigures {
  /** The first use of a token in the process. */
  readonly firstMicroseconds: number;
  /** Each further use of the same token. */
  readonly againMicroseconds: number;
}
