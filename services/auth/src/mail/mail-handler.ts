import { createHash } from 'node:crypto';
import {
  DeliveryFailed,
  DeliveryRefused,
  type EffectHandler,
  effectHandler,
} from '@secureconnect/outbox';
import type { Database } from '@secureconnect/postgres';
import { composeResetMail } from '../reset-mails.ts';
import { type MailPayload, mailKind } from './mail-effect.ts';
import { isRefusedForGood, mailFailure } from './mail-failure.ts';
import type { Mail, Mailer } from './mailer.ts';

/** A mail without its Message-ID, which the outbox decides. */
export type ComposedMail = Omit<Mail, 'messageId'>;

export interface MailHandlerDeps {
  readonly database: Database;
  readonly mailer: Mailer;
  /** The sender, whose domain is that of the Message-IDs. */
  readonly from: string;
}

/** Maximum mails that a process sends at once; each has its own connection. */
const maxConcurrent = 5;

/** Composes and sends the mails of the outbox. */
export function mailHandler({ database, mailer, from }: MailHandlerDeps): EffectHandler {
  return effectHandler(mailKind, {
    maxConcurrent,
    async deliver({ payload, idempotencyKey }, signal) {
      const mail = await compose(database, payload);
      if (mail === undefined) return;
      try {
        await mailer.send({ ...mail, messageId: messageIdOf(idempotencyKey, from) }, signal);
      } catch (error) {
        throw deliveryFailure(error);
      }
    },
  });
}

/** Undefined if there is nobody to write to any more. */
async function compose(
  database: Database,
  payload: MailPayload,
): Promise<ComposedMail | undefined> {
  switch (payload.template) {
    case 'plain': {
      const { template: _known, ...mail } = payload;
      return mail;
    }
    case 'password_reset':
      return composeResetMail(database, payload);
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
function deliveryFailure(error: unknown): DeliveryFailed {
  const failure = mailFailure(error);
  const { reason, smtp_code: code } = failure;
  const text = code === undefined ? reason : `${reason} ${code}`;
  return isRefusedForGood(failure) ? new DeliveryRefused(text) : new DeliveryFailed(text);
}
