import { createHash } from 'node:crypto';
import {
  DeliveryFailed,
  DeliveryRefused,
  type EffectHandler,
  effectHandler,
} from '@secureconnect/outbox';
import { composeChangedMail, composeChangeMail } from '../email/change-mails.ts';
import { composeVerificationMail, type VerificationMailDeps } from '../email/verification-mail.ts';
import { composeResetMail } from '../reset-mails.ts';
import { explainMailFailure } from './explain-mail-failure.ts';
import { type MailPayload, mailKind } from './mail-effect.ts';
import { isRefusedForGood, mailFailure } from './mail-failure.ts';
import type { ComposedMail, Mailer } from './mailer.ts';

export interface MailHandlerDeps extends VerificationMailDeps {
  readonly mailer: Mailer;
  /** The sender, whose domain is that of the Message-IDs. */
  readonly from: string;
  /** Of the mail server, for its address in the log; undefined if there is none. */
  readonly smtpUrl?: string | undefined;
}

/** Maximum mails that a process sends at once; each has its own connection. */
const maxConcurrent = 5;

/** Composes and sends the mails of the outbox. */
export function mailHandler({ mailer, from, smtpUrl, ...deps }: MailHandlerDeps): EffectHandler {
  return effectHandler(mailKind, {
    maxConcurrent,
    async deliver({ payload, idempotencyKey }, signal) {
      const mail = await compose(deps, payload);
      if (mail === undefined) return;
      try {
        await mailer.send({ ...mail, messageId: messageIdOf(idempotencyKey, from) }, signal);
      } catch (error) {
        throw deliveryFailure(error, smtpUrl);
      }
    },
  });
}

/** Undefined if there is nobody to write to any more. */
async function compose(
  deps: VerificationMailDeps,
  payload: MailPayload,
): Promise<ComposedMail | undefined> {
  switch (payload.template) {
    case 'plain': {
      const { template: _known, ...mail } = payload;
      return mail;
    }
    case 'password_reset':
      return composeResetMail(deps.database, payload);
    case 'email_verification':
      return composeVerificationMail(deps, payload);
    case 'email_change':
      return composeChangeMail(deps, payload);
    case 'email_changed':
      return composeChangedMail(deps, payload);
  }
}

/** The same for each try of an effect; a hash, because keys may name users. */
function messageIdOf(idempotencyKey: string, from: string): string {
  const id = createHash('sha256').update(`mail:${idempotencyKey}`).digest('base64url');
  const domain =
    from
      .slice(from.lastIndexOf('@') + 1)
      .split('>')[0]
      ?.trim() ?? '';
  return `<${id}@${/^[\w.-]+$/.test(domain) ? domain : 'localhost'}>`;
}

/** Mail servers repeat the address in their replies, so only the codes are kept. */
function deliveryFailure(error: unknown, smtpUrl: string | undefined): DeliveryFailed {
  const failure = mailFailure(error);
  const { reason, smtp_code: code } = failure;
  const text = code === undefined ? reason : `${reason} ${code}`;
  if (isRefusedForGood(failure)) return new DeliveryRefused(text);
  return new DeliveryFailed(text, { remedy: explainMailFailure(text, smtpUrl) });
}
