import type { Database } from '@secureconnect/postgres';
import { type Logger, OutageLog, repeatEvery } from '@secureconnect/service';
import { recordAudit, unknownOrigin } from './audit/record-audit.ts';
import { isRefusedForGood, mailFailure } from './mail/mail-failure.ts';
import type { Mailer } from './mail/mailer.ts';
import { resetLimits } from './reset-limits.ts';
import { hashOf, newSecret } from './secrets.ts';
import { insertPasswordReset } from './stores/password-resets.ts';
import {
  finishResetRequest,
  postponeResetRequest,
  type ResetRequest,
  takeDueRequests,
} from './stores/reset-requests.ts';
import { findAccountByEmail } from './stores/users.ts';

export interface ResetMailDeps {
  readonly database: Database;
  readonly mailer: Mailer;
  readonly log: Logger;
  /** Maximum duration of sending a mail. Default 30,000. */
  readonly sendLimitMs?: number;
}

interface Dealing extends ResetMailDeps {
  /** Logs outages of the mail server. */
  readonly outages: OutageLog;
}

/** Mails are sent by a timer, so that the duration of a request reveals nothing. */
const intervalMs = 1000;
/** The number of the mailer's connections, so that no mail waits for a different one. */
const maxRequestsAtOnce = 5;
const defaultSendLimitMs = 30_000;
/** The retries outlast an outage of about twenty minutes. */
const pausesSeconds = [15, 60, 240, 960];

/**
 * Processes password reset requests of all instances: looks up the address, mails a token, and
 * retries while the mail server is down. Returns a function that stops this and aborts mails in
 * progress, which other instances then send.
 */
export function startResetMails(deps: ResetMailDeps): () => Promise<void> {
  const outages = new OutageLog({
    log: deps.log,
    fields: { dependency: 'mail server' },
    failedMessage: 'password reset mail failed; retrying later',
    workedMessage: 'password resets are mailed again',
  });
  const dealing = { ...deps, outages };
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const due = await takeDueRequests(deps.database, maxRequestsAtOnce);
      const dealt = await Promise.allSettled(
        due.map((request) => dealWith(request, dealing, stopping.signal)),
      );
      for (const one of dealt) if (one.status === 'rejected') throw one.reason;
      if (due.length < maxRequestsAtOnce) return;
    }
  };
  const stop = repeatEvery({ intervalMs, what: 'password reset mailing', log: deps.log, run });
  return async () => {
    stopping.abort();
    await stop();
  };
}

async function dealWith(
  request: ResetRequest,
  deps: Dealing,
  stopping: AbortSignal,
): Promise<void> {
  const { database, mailer, sendLimitMs = defaultSendLimitMs } = deps;
  const account = await findAccountByEmail(database, request.email);
  if (account === undefined) return finishResetRequest(database, request.subject);
  const { user_id: userId } = account.user;
  // Each try has its own token, because only hashes are stored.
  const secret = newSecret();
  const expiresAtMs = Date.now() + resetLimits.tokenSeconds * 1000;
  await database.transaction(async (sql) => {
    await insertPasswordReset(sql, { hash: hashOf(secret), userId, expiresAtMs });
    const by = { actor: 'anonymous', userId, origin: unknownOrigin } as const;
    await recordAudit(sql, { action: 'password_reset_requested', ...by });
  });
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(sendLimitMs)]);
  try {
    await mailer.send({ to: request.email, ...resetMail(secret) }, signal);
    deps.outages.worked();
  } catch (error) {
    if (stopping.aborted) return postponeResetRequest(database, request.subject, 0);
    return dealWithFailure(error, request, userId, deps);
  }
  await finishResetRequest(database, request.subject);
}

async function dealWithFailure(
  error: unknown,
  { subject, tries }: ResetRequest,
  userId: string,
  { database, log, outages }: Dealing,
): Promise<void> {
  const failure = mailFailure(error);
  const isAboutAddress = isRefusedForGood(failure);
  const pauseSeconds = isAboutAddress ? undefined : pausesSeconds[tries - 1];
  const fields = { user_id: userId, ...failure, tries };
  if (!isAboutAddress) outages.failed(failure.reason, fields);
  if (pauseSeconds === undefined) {
    log.warn(fields, 'password reset mail dropped; the user can request a new one');
    return finishResetRequest(database, subject);
  }
  return postponeResetRequest(database, subject, pauseSeconds);
}

function resetMail(secret: string): { subject: string; text: string } {
  const text = [
    'A password reset was requested for your SecureConnect account.',
    'To set a new password, use this token within an hour:',
    '',
    secret,
    '',
    'If you did not request it, ignore this mail; your password does not change.',
  ].join('\n');
  return { subject: 'Reset your SecureConnect password', text };
}
