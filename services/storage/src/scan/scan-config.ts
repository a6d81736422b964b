import { ConfigError } from '@secureconnect/service';

/** Who says whether a file is clean. */
export type ScanHook =
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'command'; readonly command: string };

export interface ScanConfig {
  readonly hook: ScanHook;
  /** Whether files with `is_encrypted` are scanned too, in which there is nothing to be seen. */
  readonly encrypted: boolean;
  /** The hook is away when it takes longer. */
  readonly timeoutMs: number;
}

/** The hook that is named. Throws ConfigError where two are. */
export function scanHook(url: string | undefined, command: string | undefined): ScanHook {
  if (url !== undefined && command !== undefined) {
    throw new ConfigError('Set SCAN_URL or SCAN_COMMAND, not both.');
  }
  if (url !== undefined) return { kind: 'url', url };
  return command === undefined ? { kind: 'none' } : { kind: 'command', command };
}
