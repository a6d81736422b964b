import { type AuditedRequest, type AuditOrigin, auditOrigin } from './audit/record-audit.ts';
import { deviceNameOf } from './device-name.ts';

/** Who starts or uses a session: where the request comes from, and the name of the device. */
export interface SessionClient extends AuditOrigin {
  /** As the client names its device; otherwise derived from its `User-Agent`. */
  readonly deviceName: string | null;
}

/**
 * The client of a request that starts a session.
 * @param deviceName as the body of the request names the device
 */
export function sessionClient(request: AuditedRequest, deviceName?: string): SessionClient {
  const origin = auditOrigin(request);
  return { ...origin, deviceName: deviceName ?? deviceNameOf(origin.agent) };
}
