/** Something that will lose data or let somebody in: `fail`; something that may, later: `warn`. */
export interface Problem {
  readonly status: 'warn' | 'fail';
  /** What is there, without secrets. */
  readonly found: string;
  readonly expected: string;
  /** What the operator does about it. */
  readonly action: string;
}

/** The result of one check. One that could not look is `skipped`, never `ok`. */
export type Outcome =
  | { readonly status: 'ok'; readonly found: string }
  | { readonly status: 'skipped'; readonly why: string }
  | Problem;

export const ok = (found: string): Outcome => ({ status: 'ok', found });
export const skipped = (why: string): Outcome => ({ status: 'skipped', why });
export const warn = (found: string, expected: string, action: string): Problem => ({
  ...{ status: 'warn', found, expected, action },
});
export const fail = (found: string, expected: string, action: string): Problem => ({
  ...{ status: 'fail', found, expected, action },
});

/** All problems of one check as one outcome, as bad as the worst; without any, `fine`. */
export function verdict(problems: readonly Problem[], fine: string): Outcome {
  if (problems.length === 0) return ok(fine);
  const all = (text: (problem: Problem) => string, between: string): string =>
    [...new Set(problems.map(text))].join(between);
  return {
    status: problems.some(({ status }) => status === 'fail') ? 'fail' : 'warn',
    found: all(({ found }) => found, '; '),
    expected: all(({ expected }) => expected, '; '),
    // Each is a sentence.
    action: all(({ action }) => action, ' '),
  };
}

/** A check cannot look, because of something that a different check reports. It is then skipped. */
export class CannotLook extends Error {
  override readonly name = 'CannotLook';
}
