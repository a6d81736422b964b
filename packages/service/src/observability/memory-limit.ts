/**
 * The memory at which the process is killed, in bytes: that of its container. 0 without a limit, which
 * Node.js tells as 0 or as more than the machine has.
 * @param constrainedBytes of `process.constrainedMemory()`
 * @param totalBytes of the machine
 */
export function memoryLimitBytes(constrainedBytes: number, totalBytes: number): number {
  return constrainedBytes < totalBytes ? constrainedBytes : 0;
}
