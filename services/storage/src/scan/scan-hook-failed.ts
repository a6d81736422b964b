/** The scan hook could not be asked, or gave no answer; `cause` says why. */
export class ScanHookFailed extends Error {
  override readonly name = 'ScanHookFailed';

  constructor(cause: unknown) {
    super('the scan hook failed', { cause });
  }
}

/** Runs an exchange with the hook, whose every error is one of the hook. */
export async function withHook<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw new ScanHookFailed(error);
  }
}
