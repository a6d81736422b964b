import { RemediationRequestPage } from '@secureconnect/contracts';
import { signalsToken } from '../support/stack.ts';
import type { Operation } from './history.ts';

/** Lists every active request by way of a gateway; resolves to their names by fingerprint. */
async function activeNames(url: string): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  const headers = { authorization: `Bearer ${signalsToken}` };
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/api/v1/remediation-requests?status=Pending&limit=100${after}`;
    const response = await fetch(`${url}${path}`, { headers });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`listing answered ${response.status}: ${text}`);
    const page = RemediationRequestPage.parse(JSON.parse(text).data);
    for (const { signalFingerprint: key, name } of page.items) {
      names.set(key, [...(names.get(key) ?? []), name]);
    }
    cursor = page.next_cursor;
  }
  return names;
}

/** Reads of each fingerprint, by one listing at a gateway; to be made while nothing is delivered. */
export async function readActive(
  client: string,
  url: string,
  fingerprints: readonly string[],
  nowUs: () => number,
): Promise<Operation[]> {
  const calledUs = nowUs();
  const active = await activeNames(url);
  const returnedUs = nowUs();
  return fingerprints.map((fingerprint) => ({
    ...{ client, fingerprint, kind: 'read', calledUs, returnedUs, outcome: 'listed' },
    names: active.get(fingerprint) ?? [],
  }));
}
