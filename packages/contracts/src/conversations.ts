import { z } from 'zod';
import { Metadata } from './metadata.ts';
import { pageEnd } from './page.ts';
import {
  distinct,
  Email,
  exactlyOne,
  Timestamp,
  trimmedText,
  Username,
  Uuid,
} from './primitives.ts';

export const PARTICIPANTS_MAX = 256;

const Title = trimmedText(1, 100).meta({ examples: ['Analytical engines'] });

export const ConversationType = z.enum(['direct', 'group']);
export type ConversationType = z.infer<typeof ConversationType>;

export const ParticipantRole = z.enum(['owner', 'admin', 'member']);
export type ParticipantRole = z.infer<typeof ParticipantRole>;

export const Participant = z
  .object({ user_id: Uuid, role: ParticipantRole, joined_at: Timestamp })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof Participant>;

export const Conversation = z
  .object({
    conversation_id: Uuid,
    type: ConversationType,
    title: z.string().exactOptional(),
    created_by: Uuid,
    participants: z.array(Participant),
    settings: z.record(z.string(), z.unknown()),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

/** A user by e-mail address or by user name, looked up in the directory. */
export const ParticipantName = z
  .object({ email: Email.exactOptional(), username: Username.exactOptional() })
  .check(exactlyOne('email', 'username'));
export type ParticipantName = z.infer<typeof ParticipantName>;

const names = z.array(ParticipantName).min(1).max(PARTICIPANTS_MAX);

/** Body of `POST /v1/conversations`: the other participants, by id or by name. */
export const NewConversation = z
  .object({
    type: ConversationType,
    title: Title.exactOptional(),
    participant_ids: distinct(Uuid, PARTICIPANTS_MAX).exactOptional(),
    participants: names.exactOptional(),
  })
  .check(exactlyOne('participant_ids', 'participants'))
  .superRefine(({ type, participant_ids, participants }, context) => {
    if (type !== 'direct') return;
    for (const [field, others] of Object.entries({ participant_ids, participants })) {
      if (others === undefined || others.length === 1) continue;
      const message = 'expected exactly one other participant in a direct conversation';
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .meta({ examples: [{ type: 'direct', participants: [{ email: 'ada@example.com' }] }] });
export type NewConversation = z.infer<typeof NewConversation>;

/** Body of `POST /v1/conversations/:conversation_id/participants`. */
export const NewParticipants = z
  .object({
    user_ids: distinct(Uuid, PARTICIPANTS_MAX).exactOptional(),
    participants: names.exactOptional(),
  })
  .check(exactlyOne('user_ids', 'participants'))
  .meta({ examples: [{ participants: [{ username: 'ada.lovelace' }] }] });
export type NewParticipants = z.infer<typeof NewParticipants>;

/** Body of `PATCH /v1/conversations/:conversation_id`. */
export const ConversationChange = z.object({ title: Title });
export type ConversationChange = z.infer<typeof ConversationChange>;

/**
 * Body of `PATCH /v1/conversations/:conversation_id/settings`: replaces the given keys; null
 * removes a key. The clients decide what the settings mean.
 */
export const SettingsChange = Metadata.meta({ examples: [{ colour: 'teal', pinned: null }] });
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Reply of `DELETE /v1/conversations/:conversation_id`. */
export const ConversationDeleted = z.object({ deleted: z.literal(true) });
export type ConversationDeleted = z.infer<typeof ConversationDeleted>;

/** Body of `PATCH /v1/conversations/:conversation_id/participants/:user_id`. */
export const RoleChange = z.object({ role: ParticipantRole });
export type RoleChange = z.infer<typeof RoleChange>;

/** Reply of `GET /v1/conversations`. */
export const ConversationPage = z.object({ conversations: z.array(Conversation), ...pageEnd });
export type ConversationPage = z.infer<typeof ConversationPage>;

/** Reply of `DELETE /v1/conversations/:conversation_id/participants/:user_id`. */
export const ParticipantRemoved = z.object({ removed: z.literal(true) });
export type ParticipantRemoved = z.infer<typeof ParticipantRemoved>;

/** Path parameters of `/v1/conversations/:conversation_id`. */
export const ConversationParams = z.object({ conversation_id: Uuid });
export type ConversationParams = z.infer<typeof ConversationParams>;

/** Path parameters of `/v1/conversations/:conversation_id/participants/:user_id`. */
export const ParticipantParams = z.object({ conversation_id: Uuid, user_id: Uuid });
export type ParticipantParams = z.infer<typeof ParticipantParams>;
