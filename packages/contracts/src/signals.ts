import { z } from 'zod';
import {
  Environment,
  Fingerprint,
  Priority,
  RemediationPath,
  StormType,
} from './remediation-requests.ts';

/**
 * The outcome of a signal. `created`: it has a new request; `duplicate`: it already had one;
 * `aggregated`: it belongs to a storm, which has one; `resolved`: its request was closed;
 * `not_active`: it is resolved and had no request.
 */
export const SignalStatus = z.enum([
  'created',
  'duplicate',
  'aggregated',
  'resolved',
  'not_active',
]);
export type SignalStatus = z.infer<typeof SignalStatus>;

/** Reply to one signal, without the envelope. */
export const SignalReply = z.object({
  status: SignalStatus,
  message: z.string().meta({ examples: ['A remediation request was created.'] }),
  fingerprint: Fingerprint,
  duplicate: z.boolean(),
  remediationRequestName: z.string().exactOptional(),
  remediationRequestNamespace: z.string().exactOptional(),
  environment: Environment,
  priority: Priority,
  remediationPath: RemediationPath,
  isStorm: z.boolean(),
  stormType: StormType.exactOptional(),
  windowID: z.string().exactOptional(),
});
export type SignalReply = z.infer<typeof SignalReply>;

/** Reply to several signals, in their order, without the envelope. */
export const SignalReplies = z.object({
  status: z.enum(['created', 'accepted']),
  message: z.string().meta({ examples: ['1 of 1 signals have a new remediation request.'] }),
  results: z.array(SignalReply),
});
export type SignalReplies = z.infer<typeof SignalReplies>;
