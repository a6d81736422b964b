import { type EffectKind, writeEffect } from '@secureconnect/outbox';
import type { Sql } from '@secureconnect/postgres';
import { z } from 'zod';

/** The schema of auth's tables, its outbox included. */
export const outboxSchema = 'auth';

/**
 * What the outbox keeps of a mail until it is sent. Mails with a secret name only what the secret is
 * for: it is created when the mail is sent, and only its hash is stored.
 */
export const MailPayload = z.discriminatedUnion('template', [
  z.object({
    template: z.literal('plain'),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
  }),
  z.object({ template: z.literal('password_reset'), email: z.string() }),
  z.object({
    template: z.literal('email_verification'),
    email: z.string(),
    /** The account that a registration with the address has created, maybe a decoy. */
    registered: z.string().optional(),
  }),
  z.object({ template: z.literal('email_change'), change_id: z.string() }),
  z.object({ template: z.literal('email_changed'), change_id: z.string() }),
]);
export type MailPayload = z.infer<typeof MailPayload>;

/** The payload of one template. */
export type PayloadOf<Template extends MailPayload['template']> = Extract<
  MailPayload,
  { template: Template }
>;

/** The pauses are 15 s, 1, 4 and 16 minutes, then an hour: the retries outlast an outage of 5 hours. */
export const mailKind: EffectKind<MailPayload> = {
  name: 'mail',
  payload: MailPayload,
  retry: { maxTries: 10, firstPauseSeconds: 15, maxPauseSeconds: 3600 },
};

/** A mail without secrets. */
export interface PlainMail {
  /** Identifies its cause, such as `password-changed:<uuid>`; the same key sends no second mail. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Whom it is about. */
  readonly userId?: string;
}

/**
 * Writes a mail in the caller's transaction: it is sent if, and only if, the transaction commits.
 * The text must hold no secret, because it is stored until the mail is sent.
 */
export async function writeMail(sql: Sql, { key, userId, ...mail }: PlainMail): Promise<void> {
  await writeTemplate(sql, { key, payload: { template: 'plain', ...mail }, userId });
}

/** Writes a mail that is composed when it is sent. Returns the id of its effect, as `writeEffect`. */
export function writeTemplate(
  sql: Sql,
  of: { readonly key: string; readonly payload: MailPayload; readonly userId?: string | undefined },
): Promise<string | undefined> {
  const { key, payload, userId: ownerId } = of;
  const owner = ownerId === undefined ? {} : { ownerId };
  return writeEffect(sql, outboxSchema, mailKind, { key, payload, ...owner });
}
