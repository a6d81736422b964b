import { addressSubject } from '../http/ip-address.ts';
import type { LogId } from './log-ids.ts';
import type { Logger } from './logger.ts';

/** Every security event of the log. docs/observability.md has the same table. */
export const securityEvents = {
  user_registered: { level: 'info', when: 'an account was created' },
  session_started: { level: 'info', when: 'a user logged in' },
  login_failed: { level: 'info', when: 'a wrong password, or an unknown address' },
  login_unverified: {
    level: 'info',
    when: 'the right password for an account whose address is not verified',
  },
  login_locked: { level: 'warn', when: 'a login for an address with too many failures' },
  refresh_token_reused: {
    level: 'warn',
    when: 'a refresh token was used again: its session was ended',
  },
  session_ended: { level: 'info', when: 'a logout' },
  password_reset_requested: { level: 'info', when: 'a mail with a reset token was asked for' },
  password_reset_refused: { level: 'info', when: 'a reset token that is not valid, or was used' },
  password_reset_confirmed: {
    level: 'warn',
    when: 'a new password was set, and all sessions of the user ended',
  },
  oidc_sign_in_refused: {
    level: 'info',
    when: 'a sign-in at an OpenID provider that came back wrong, late or twice',
  },
  identity_linked: {
    level: 'warn',
    when: 'a sign-in at an OpenID provider was linked to an account',
  },
  identity_unlinked: { level: 'info', when: 'a linked sign-in was removed from an account' },
  email_verification_requested: {
    level: 'info',
    when: 'a mail that verifies an address was asked for',
  },
  email_verification_refused: {
    level: 'info',
    when: 'a token or code for an address that is not valid',
  },
  email_verified: { level: 'info', when: 'an address was verified' },
  password_changed: {
    level: 'warn',
    when: 'a user set a new password, and the other sessions ended',
  },
  password_change_refused: {
    level: 'info',
    when: 'a change of the password with a wrong current one',
  },
  email_change_requested: {
    level: 'info',
    when: 'a user asked for a new e-mail address',
  },
  email_changed: {
    level: 'warn',
    when: 'a new e-mail address was confirmed',
  },
  email_change_refused: {
    level: 'info',
    when: 'a token for a change of the address that is not valid, or too late',
  },
  email_change_undone: {
    level: 'warn',
    when: 'the old address undid its change, and all sessions of the user ended',
  },
  account_deletion_requested: { level: 'warn', when: 'the deletion of an account was requested' },
  data_export_requested: { level: 'warn', when: 'an export of all data of a user was requested' },
  export_link_refused: {
    level: 'warn',
    when: 'a link to an archive that is not valid, or has expired',
  },
  token_invalid: {
    level: 'info',
    when: 'an access token that was never issued here, or a ticket that is not good',
  },
  token_revoked: { level: 'info', when: 'an access token whose session was ended' },
  ticket_reused: { level: 'warn', when: 'a ticket for a socket was used again' },
  signals_token_wrong: { level: 'warn', when: 'a delivery of alerts with a wrong token' },
  metrics_token_wrong: { level: 'warn', when: 'metrics were asked for with a wrong token' },
  origin_refused: { level: 'info', when: 'a socket requested by a page of a different origin' },
  stepped_up: { level: 'info', when: 'a user proved again who they are' },
  step_up_failed: { level: 'info', when: 'a user with a session failed to prove who they are' },
  passkey_refused: {
    level: 'info',
    when: 'a passkey that is unknown, wrong, late or used twice',
  },
  passkey_counter_refused: {
    level: 'warn',
    when: 'a passkey whose counter did not grow: a copy of it may be in use',
  },
  passkey_added: { level: 'warn', when: 'a passkey was added to an account' },
  passkey_removed: { level: 'warn', when: 'a passkey was removed from an account' },
  second_factor_required: {
    level: 'info',
    when: 'a sign-in with the right first factor was asked for the second one',
  },
  second_factor_failed: {
    level: 'info',
    when: 'a wrong or used code of the second factor, after the right first one',
  },
  second_factor_changed: {
    level: 'warn',
    when: 'a second factor or its recovery codes were added, replaced or removed',
  },
  recovery_code_used: { level: 'warn', when: 'a recovery code stood for the second factor' },
  signed_url_refused: { level: 'info', when: 'an address of a file whose signature is wrong' },
} as const satisfies Readonly<Record<string, { level: 'info' | 'warn'; when: string }>>;

export type SecurityEvent = keyof typeof securityEvents;

/** The subject of an event, as far as it is known. */
export interface SecuritySubject {
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** An e-mail address, known or unknown. It is logged as an id. */
  readonly account?: string | undefined;
}

/** Logs one event of its request. */
export type NoteSecurityEvent = (event: SecurityEvent, subject?: SecuritySubject) => void;

/** Logs the events of one request, with an id instead of the client's address. */
export function securityLog(log: Logger, logId: LogId, address: string): NoteSecurityEvent {
  return (event, { userId, sessionId, account } = {}) => {
    const fields = {
      event,
      address_id: logId(addressSubject(address)),
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
      ...(account === undefined ? {} : { account_id: logId(`account:${account}`) }),
    };
    log[securityEvents[event].level](fields, 'security event');
  };
}
