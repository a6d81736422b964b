/** No sentinel named the master. `code` lists the reasons. */
export class SentinelsError extends Error {
  override readonly name = 'SentinelsError';
  readonly code: string;

  constructor(reasons: readonly string[]) {
    const code = `sentinels: ${[...new Set(reasons)].join(', ')}`;
    super(`No sentinel named the master. ${code}`);
    this.code = code;
  }
}
