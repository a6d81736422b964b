const maxLength = 200;

/**
 * Why something failed, in one line: the code of an error and its message, or those of its cause.
 * `fetch` and connections to a name with several addresses hide the reason in the cause.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, maxLength);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error.message.split('\n', 1)[0] ?? '';
  const text = code === '' || message.includes(code) ? message : `${code} ${message}`.trim();
  return (text || error.name).slice(0, maxLength);
}
