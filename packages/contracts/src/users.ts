import { z } from 'zod';
import {
  DeviceName,
  DisplayName,
  Email,
  exactlyOne,
  NewPassword,
  Timestamp,
  Username,
  Uuid,
  whereFormatIsWrong,
} from './primitives.ts';

/** The status that users set themselves; presence tells whether they have an open socket. */
export const UserStatus = z.enum(['online', 'offline', 'busy', 'away']);
export type UserStatus = z.infer<typeof UserStatus>;

/** The URL of a picture, at most 2048 characters. */
export const AvatarUrl = z
  .url({
    protocol: /^https?$/,
    error: whereFormatIsWrong('expected an http or https URL'),
  })
  .max(2048);

const userFields = {
  user_id: Uuid,
  username: Username,
  display_name: DisplayName,
  avatar_url: z.string().exactOptional(),
  status: UserStatus,
  created_at: Timestamp,
};

/** A user as others see them: no e-mail address. */
export const User = z.object(userFields).meta({ id: 'User' });
export type User = z.infer<typeof User>;

/** What an account may do beyond its own data. */
export const Role = z.enum(['user', 'admin']);
export type Role = z.infer<typeof Role>;

/** A user as they see themselves. */
export const OwnUser = z
  .object({ ...userFields, email: Email, email_verified: z.boolean(), role: Role })
  .meta({ id: 'OwnUser' });
export type OwnUser = z.infer<typeof OwnUser>;

/** Body of `POST /v1/auth/register`. */
export const Registration = z.object({
  email: Email,
  username: Username,
  password: NewPassword,
  display_name: DisplayName,
  device_name: DeviceName.exactOptional(),
});
export type Registration = z.infer<typeof Registration>;

/** Body of `PATCH /v1/users/me`; an `avatar_url` of null removes the picture. */
export const ProfileChange = z
  .object({
    display_name: DisplayName.exactOptional(),
    avatar_url: AvatarUrl.nullable().exactOptional(),
    status: UserStatus.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, {
    error: 'expected at least one of display_name, avatar_url and status',
  })
  .meta({ examples: [{ display_name: 'Ada King', status: 'busy' }] });
export type ProfileChange = z.infer<typeof ProfileChange>;

/** Query of `GET /v1/users/lookup`: by e-mail address or by user name. */
export const UserLookup = z
  .object({ email: Email.exactOptional(), username: Username.exactOptional() })
  .check(exactlyOne('email', 'username'))
  .meta({ examples: [{ email: 'ada@example.com' }] });
export type UserLookup = z.infer<typeof UserLookup>;

/** Path parameters of `/v1/users/:user_id`. */
export const UserParams = z.object({ user_id: Uuid });
export type UserParams = z.infer<typeof UserParams>;
