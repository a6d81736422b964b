/** Producers of BullMQ, with a declared fallback: refuse, or keep the job in a database. */
import type { Reconciler } from '../recovery.ts';

/** A job that is to be added to a queue. */
export interface Job {
  readonly name: string;
  /** Anything that JSON can hold. */
  readonly data: unknown;
  readonly options: JobOptions;
}

/**
 * The options of a job in BullMQ. The `jobId` is needed: an addition that timed out may have been done,
 * and is done again. The queue takes a job once, while it remembers it.
 */
export type JobOptions = Readonly<Record<string, unknown>> & { readonly jobId: string };

/** The part of a queue that a producer needs. */
export interface JobQueue {
  add(name: string, data: never, options?: never): Promise<unknown>;
}

/** Adds jobs; resolves when the job is stored. */
export interface Producer {
  add(name: string, data: unknown, options: JobOptions): Promise<void>;
}

/** Where jobs are kept while Redis is down: two functions over a table of yours. */
export interface KeptJobs {
  /** Stores a job durably. */
  keep(job: Job): Promise<void>;
  /**
   * Gives each kept job to `send` once, and removes it if that says true: the queue has it. A job that the
   * queue refuses stays. Several processes may call it at once: a job that is sent twice is taken once.
   */
  handOver(send: (job: Job) => Promise<boolean>): Promise<void>;
}

export interface KeptJobsOptions {
  /**
   * Called when the queue refuses a kept job, or when the kept jobs cannot be read. Default: a warning
   * of the process. They are tried again with the next addition.
   */
  readonly onError?: (error: unknown, job?: Job) => void;
}

/** A port of a queue, and the reconciler that adds what was kept without it. */
export interface JobPort<Fallbacks> {
  readonly port: { readonly redis: Producer } & Fallbacks;
  readonly reconciler: Reconciler;
}

/**
 * A port of a queue, for `failClosed`; with `kept`, for `failOpen.durable()` too. Give the reconciler
 * to `monitor.addReconciler`: it adds what was kept, also by processes that have ended.
 */
export function jobPort(queue: JobQueue): JobPort<unknown>;
export function jobPort(
  queue: JobQueue,
  kept: KeptJobs,
  options?: KeptJobsOptions,
): JobPort<{ readonly durable: Producer }>;
export function jobPort(
  queue: JobQueue,
  kept?: KeptJobs,
  options: KeptJobsOptions = {},
): JobPort<{ readonly durable?: Producer }> {
  const add: Producer['add'] = async (name, data, settings) => {
    await queue.add(name, data as never, settings as never);
  };
  if (kept !== undefined) return keeping(add, kept, options);
  return {
    port: { redis: { add } },
    reconciler: { name: 'kept jobs', run: async () => undefined },
  };
}

function keeping(
  add: Producer['add'],
  kept: KeptJobs,
  { onError = warn }: KeptJobsOptions,
): JobPort<{ readonly durable: Producer }> {
  let mayHaveKept = false;
  const taken = async (job: Job): Promise<boolean> => {
    try {
      await add(job.name, job.data, job.options);
      return true;
    } catch (error) {
      mayHaveKept = true;
      onError(error, job);
      return false;
    }
  };
  /** Never rejects: neither a job that the queue refuses nor a database keeps Redis down. */
  const handOver = async (): Promise<void> => {
    mayHaveKept = false;
    try {
      await kept.handOver(taken);
    } catch (error) {
      mayHaveKept = true;
      onError(error);
    }
  };
  const redis: Producer = {
    async add(name, data, settings) {
      await add(name, data, settings);
      // A job that was kept while the reconciler ran must not wait for the next outage.
      if (mayHaveKept) void handOver();
    },
  };
  const durable: Producer = {
    async add(name, data, settings) {
      await kept.keep({ name, data, options: settings });
      mayHaveKept = true;
    },
  };
  return { port: { redis, durable }, reconciler: { name: 'kept jobs', run: handOver } };
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
