const maxMessageLength = 300;
const maxRemedyLength = 600;

const remedies = new WeakMap<Error, string>();

/**
 * Notes one line for an operator about an error, which then is in every log line with its cause.
 * @param remedy undefined for errors that nobody can explain, which are left alone
 */
export function noteRemedy(error: unknown, remedy: string | undefined): void {
  if (remedy === undefined || !(error instanceof Error)) return;
  remedies.set(error, remedy.replaceAll('\n', ' ').slice(0, maxRemedyLength));
}

/** The noted line of an error or of one of its causes. */
function remedyOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return remedies.get(error) ?? remedyOf(error.cause);
}

/** For a line about an unexpected error: the cause if an operator can end it, else the stack. */
export function errorFields(error: unknown): { readonly cause: Cause } | { readonly err: unknown } {
  return remedyOf(error) === undefined ? { err: error } : { cause: causeOf(error) };
}

/** A cause in a log line: short, in one line, without a password. */
export interface Cause {
  readonly code?: string;
  readonly message: string;
  /** Where, what was refused and what to do, if an operator can do something. */
  readonly remedy?: string;
}

/** Names what went wrong, by the code and the message of a library's error. */
export function causeOf(error: unknown): Cause {
  if (!(error instanceof Error)) return { message: shortened(String(error)) };
  const below = error.cause === undefined ? undefined : causeOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : below?.code;
  // A name with several addresses has an error for each, and no message of its own.
  const words =
    error.message === '' && error instanceof AggregateError
      ? error.errors.map((each) => causeOf(each).message).join('; ')
      : error.message;
  // As in `fetch`: "fetch failed", and the reason in its cause.
  const message = below === undefined ? words : `${words}: ${below.message}`;
  const remedy = remedyOf(error);
  return {
    ...(code === undefined ? {} : { code }),
    message: shortened(message),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function shortened(text: string): string {
  const oneLine = text.split('\n', 1)[0] ?? '';
  return oneLine.replaceAll(/\/\/[^/@\s]{0,256}@/g, '//[redacted]@').slice(0, maxMessageLength);
}
