/** There is no space left in a store. What was to be kept is not kept, and so it is not sent either. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';

  constructor(cause: unknown) {
    super('The storage of this device is full: free some space, then try again.', { cause });
  }
}
