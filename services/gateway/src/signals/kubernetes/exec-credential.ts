import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { jsonOf } from '../../json-of.ts';
import type { ExecCommand } from './kubeconfig.ts';

const run = promisify(execFile);
const maxRunMs = 10_000;
const maxOutputBytes = 1024 * 1024;
/** A credential is replaced this long before it expires, so that none expires on its way. */
const earlyMs = 10_000;

/** What a command of a kubeconfig has printed. */
export interface ExecCredential {
  readonly token?: string | undefined;
  readonly clientCertificateData?: string | undefined;
  readonly clientKeyData?: string | undefined;
  /** Undefined: it does not expire. */
  readonly expirationTimestamp?: string | undefined;
}

const Printed = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
});

/** The credentials that a command prints. */
export interface ExecCredentials {
  /**
   * Runs the command once for concurrent calls, and again when its credential expires. Throws an Error
   * that says how the command failed, without what it printed to standard output.
   */
  read(): Promise<ExecCredential>;
  /** The API server has refused this token: the command runs again, unless it has already. */
  refused(token: string): void;
}

export function execCredentials(
  command: ExecCommand,
  now: () => number = Date.now,
): ExecCredentials {
  let current: Promise<ExecCredential> | undefined;
  let token: string | undefined;
  let expiresAt = 0;
  return {
    read() {
      if (current !== undefined && now() < expiresAt) return current;
      expiresAt = Number.POSITIVE_INFINITY;
      token = undefined;
      const running = printedBy(command);
      current = running;
      running.then(
        (printed) => {
          token = printed.token;
          const { expirationTimestamp: end } = printed;
          if (end !== undefined) expiresAt = Date.parse(end) - earlyMs;
        },
        () => {
          current = undefined;
        },
      );
      return running;
    },
    refused(refusedToken) {
      if (token === refusedToken) current = undefined;
    },
  };
}

async function printedBy({ apiVersion, command, args, env }: ExecCommand): Promise<ExecCredential> {
  const spec = { interactive: false };
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
  const given = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const { stdout } = await run(command, args ?? [], {
    env: { ...process.env, ...given, KUBERNETES_EXEC_INFO: info },
    timeout: maxRunMs,
    maxBuffer: maxOutputBytes,
  }).catch((error: unknown) => {
    throw new Error(`the command ${command} failed: ${whyOf(error)}`, { cause: error });
  });
  const printed = Printed.safeParse(jsonOf(stdout));
  if (!printed.success) throw new Error(`the command ${command} printed no ExecCredential`);
  return printed.data.status;
}

const Failed = z.object({
  killed: z.boolean().default(false),
  stderr: z.string().default(''),
  message: z.string().default(''),
});

/** One line: the command's own last words, or the system's. */
function whyOf(error: unknown): string {
  const { killed, stderr, message } = Failed.parse(error);
  if (killed) return `no answer within ${maxRunMs / 1000} s`;
  const [line = ''] = stderr.trim().split('\n').slice(-1);
  return line === '' ? (message.split('\n')[0] ?? '') : line;
}
