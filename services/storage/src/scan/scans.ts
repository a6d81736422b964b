import type { Database } from '@secureconnect/postgres';
import { counter, type Logger, OutageLog, type ServiceMetrics } from '@secureconnect/service';
import { StoreUnavailable } from '../objects/store-unavailable.ts';
import type { FileRow } from '../stores/file-row.ts';
import { claimScan, dueScans, postponeScan, releaseFromQuarantine } from '../stores/quarantine.ts';
import { retire } from '../stores/quota.ts';
import { type Removing, releaseObject } from '../uploads/release-object.ts';
import type { Ask, Verdict } from './ask.ts';
import { ScanHookFailed } from './scan-hook-failed.ts';
import type { ScanHookMode } from './scan-hook-mode.ts';

/** How much longer a claim lasts than the time limit of the hook. */
const claimSlackMs = 10_000;
const firstPauseMs = 5000;
const maxPauseMs = 10 * 60_000;
/** Maximum files per run; the next run continues. */
const maxScansPerRun = 20;

export interface ScansOptions extends Removing {
  readonly database: Database;
  /** Undefined if nothing is scanned. */
  readonly ask: Ask | undefined;
  readonly encrypted: boolean;
  readonly timeoutMs: number;
  /** Of the hook: what routes declare. */
  readonly mode: ScanHookMode;
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a route does about a file that must be scanned. */
export type Scanning = Pick<Scans, 'scan'>;

/** Asks the scan hook about quarantined files, and applies its verdicts. */
export class Scans {
  readonly #options: ScansOptions;
  readonly #count: (verdict: Verdict) => void;
  readonly #outages: OutageLog;

  constructor(options: ScansOptions) {
    this.#options = options;
    const scans = counter(options.metrics, {
      name: 'storage_scans_total',
      help: 'Verdicts of the scan hook; unknown if it failed or could not tell',
      labelNames: ['verdict'],
    });
    this.#count = (verdict) => scans.inc({ verdict });
    this.#outages = new OutageLog({
      log: options.log,
      fields: { dependency: 'scan hook' },
      failedMessage: 'scan hook failed; retrying later',
      workedMessage: 'scan hook works again',
    });
  }

  /** Whether such a file is scanned before it can be downloaded. */
  covers({ isEncrypted }: Pick<FileRow, 'isEncrypted'>): boolean {
    return this.#options.ask !== undefined && (!isEncrypted || this.#options.encrypted);
  }

  /** Scans due files. Safe to run on several instances, because each file is claimed in SQL. */
  async runDue(): Promise<void> {
    const due = await dueScans(this.#options.database, this.#in(0), maxScansPerRun);
    for (const fileId of due) await this.#scanReporting(fileId);
  }

  /**
   * Scans a file, if it is due and not claimed by a different process. When the hook fails
   * (ScanHookFailed), or anything else on the way to it, the file waits for a later scan, and the
   * error is thrown. An object store that is down only makes it wait.
   */
  async scan(fileId: string): Promise<void> {
    const { database, ask, timeoutMs } = this.#options;
    if (ask === undefined) return;
    const until = this.#in(timeoutMs + claimSlackMs);
    const claimed = await claimScan(database, fileId, this.#in(0), until);
    if (claimed === undefined) return;
    const answer = await this.#answer(ask, claimed.file);
    const verdict = typeof answer === 'string' ? answer : 'unknown';
    this.#count(verdict);
    if (verdict === 'clean') await releaseFromQuarantine(database, fileId);
    else if (verdict === 'infected') await this.#remove(claimed.file);
    else await postponeScan(database, fileId, this.#in(pauseMs(claimed.attempts)));
    if (typeof answer !== 'string') throw answer.error;
  }

  /** Outside any port, which would report it. */
  async #scanReporting(fileId: string): Promise<void> {
    try {
      await this.scan(fileId);
    } catch (error) {
      if (this.#options.mode.reportError(error) === undefined) throw error;
    }
  }

  async #answer(ask: Ask, file: FileRow): Promise<Verdict | { readonly error: unknown }> {
    try {
      const verdict = await ask(file);
      this.#outages.worked();
      this.#options.mode.availability.recordSuccess();
      return verdict;
    } catch (error) {
      // The object store has a mode and a log of its own.
      if (error instanceof StoreUnavailable) return 'unknown';
      if (error instanceof ScanHookFailed) {
        this.#outages.failed(error.cause, { file_id: file.fileId });
      }
      return { error };
    }
  }

  async #remove({ fileId }: FileRow): Promise<void> {
    const { database, log } = this.#options;
    const retired = await retire(database, fileId, ['quarantined'], this.#in(0));
    if (retired === undefined) return;
    log.warn({ file_id: fileId, sha256: retired.sha256 }, 'infected file deleted');
    await releaseObject(this.#options, retired.objectId, log);
  }

  #in(ms: number): Date {
    return new Date(this.#options.now() + ms);
  }
}

function pauseMs(attempts: number): number {
  return Math.min(maxPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.8 + 0.4 * Math.random());
}
