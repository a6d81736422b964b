import { alerts } from './alerts.ts';
import { applicationCalls } from './application-calls.ts';
import { applications } from './applications.ts';
import { callHistories } from './call-histories.ts';
import { calls } from './calls.ts';
import { codes } from './codes.ts';
import { deliveries } from './deliveries.ts';
import { friendships } from './friendships.ts';
import type { Invariant } from './invariant.ts';
import { limits } from './limits.ts';
import { lockouts } from './lockouts.ts';
import { logs } from './logs.ts';
import { messages } from './messages.ts';
import { oneTimeKeys } from './one-time-keys.ts';
import { outcomes } from './outcomes.ts';
import { quota } from './quota.ts';
import { recovery } from './recovery.ts';
import { refreshes } from './refreshes.ts';
import { resumptions } from './resumptions.ts';
import { revocations } from './revocations.ts';

export type { Invariant, Verdict } from './invariant.ts';

/** Everything that holds in every run. */
export const invariants: readonly Invariant[] = [
  messages,
  deliveries,
  resumptions,
  applications,
  applicationCalls,
  calls,
  callHistories,
  revocations,
  refreshes,
  codes,
  oneTimeKeys,
  friendships,
  quota,
  alerts,
  limits,
  outcomes,
  lockouts,
  recovery,
  logs,
];
