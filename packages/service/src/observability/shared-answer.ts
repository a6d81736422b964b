/**
 * Asks a question that costs something at most once at a time, and once in `maxAgeMs`, whoever wants
 * to know: all who come while the answer is awaited, or before it is that old, get the same one. An
 * answer is as old as its question; a question that failed is not asked sooner than any other.
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
