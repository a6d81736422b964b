/**
 * Runs an expensive query at most once at a time, and once in `maxAgeMs`, whatever the number of
 * callers: all callers while the answer is awaited, or before it is that old, get the same one. An
 * answer is as old as its query; a query that failed is not repeated sooner than any other.
 */
export function sharedAnswer<Answer>(
  maxAgeMs: number,
  ask: () => Promise<Answer>,
): () => Promise<Answer> {
  let last: { readonly answer: Promise<Answer>; readonly askedAtMs: number } | undefined;
  let isAwaited = false;
  return () => {
    const askedAtMs = performance.now();
    if (last !== undefined && (isAwaited || askedAtMs - last.askedAtMs < maxAgeMs)) {
      return last.answer;
    }
    isAwaited = true;
    const answer = (async () => ask())().finally(() => {
      isAwaited = false;
    });
    last = { answer, askedAtMs };
    return answer;
  };
}
