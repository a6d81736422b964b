import { ConfigError } from '@secureconnect/service';

/** How long a session may last, in milliseconds. */
export interface SessionLimits {
  /** Without a refresh. */
  readonly idleMs: number;
  /** In all, however often it is refreshed. */
  readonly absoluteMs: number;
}

interface Given {
  readonly REFRESH_TOKEN_DAYS: number;
  readonly SESSION_IDLE_MINUTES: number | undefined;
  readonly SESSION_MAX_DAYS: number;
  readonly ACCESS_TOKEN_SECONDS: number;
}

const dayMs = 86_400_000;
/** A client that uses its access token to the end must still be in time to refresh. */
const minIdleTokens = 2;

/** The limits of the configuration. Throws a ConfigError if active users would be signed out. */
export function sessionLimits(given: Given): SessionLimits {
  const { SESSION_IDLE_MINUTES: idleMinutes, ACCESS_TOKEN_SECONDS: tokenSeconds } = given;
  const idleMs =
    idleMinutes === undefined ? given.REFRESH_TOKEN_DAYS * dayMs : idleMinutes * 60_000;
  if (idleMs < minIdleTokens * tokenSeconds * 1000) {
    throw new ConfigError(
      `SESSION_IDLE_MINUTES is ${idleMinutes}, but clients refresh only every ${tokenSeconds} s ` +
        `(ACCESS_TOKEN_SECONDS); expected at least ${minIdleTokens} times as long.`,
    );
  }
  return { idleMs, absoluteMs: given.SESSION_MAX_DAYS * dayMs };
}

/**
 * When a session ends unless it is used again, in Unix ms.
 * @param startedAtMs start of the session, by the clock of the database
 * @param usedAtMs last use, by the same clock
 */
export function sessionExpiry(
  { idleMs, absoluteMs }: SessionLimits,
  { startedAtMs, usedAtMs }: { readonly startedAtMs: number; readonly usedAtMs: number },
): number {
  return Math.min(usedAtMs + idleMs, startedAtMs + absoluteMs);
}

/**
 * The interval at which uses of a session are written down, in ms: refreshes in between write
 * nothing to the session, because other writes wait for that write. A small part of the idle time,
 * so that no session ends much early.
 */
export function useWrittenEveryMs({ idleMs }: SessionLimits): number {
  return Math.min(600_000, idleMs / 10);
}
