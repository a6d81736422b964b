/** The scan hook could not be asked, or gave no answer; `cause` says why. */
export class ScanHookFailed extends Error {
  override readonly name = 'ScanHookFailed';

  constructor(cause: unknown) {
    super('the scan hook failed', { cause });
  }
}
