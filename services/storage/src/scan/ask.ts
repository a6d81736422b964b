import type { FileRow } from '../stores/file-row.ts';

/** The verdict of a hook; `unknown` if it fails or cannot tell, and is asked again later. */
export type Verdict = 'clean' | 'infected' | 'unknown';

/**
 * Asks a hook about a file with complete bytes.
 * @throws ScanHookFailed if the hook is down or gives no verdict; any other error is not the hook's
 */
export type Ask = (file: FileRow) => Promise<Verdict>;
