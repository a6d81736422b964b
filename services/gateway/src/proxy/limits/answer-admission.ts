import type { ServerResponse } from 'node:http';
import { localLimitBody } from '@secureconnect/degraded-mode';
import type { Admission } from './admit.ts';

/**
 * Sets the limit headers of the reply. Answers 429 and returns false if the request was refused.
 */
export function answerAdmission(outgoing: ServerResponse, admission: Admission): boolean {
  for (const [name, value] of Object.entries(admission.headers)) outgoing.setHeader(name, value);
  if (admission.granted) return true;
  outgoing.setHeader('Content-Type', 'application/json; charset=utf-8');
  outgoing.writeHead(429).end(JSON.stringify(localLimitBody));
  return false;
}
