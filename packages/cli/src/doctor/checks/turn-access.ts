import type { Check } from '../check.ts';
import { fail, type Problem, skipped, verdict } from '../outcome.ts';
import type { TurnReport } from '../turn/survey.ts';

/**
 * The TURN server relays for callers alone, and not into private networks: from there it would reach
 * what its own firewall protects (the deny rules of deploy/kubernetes/components/turn).
 */
export const turnAccessCheck: Check = {
  name: 'turn-access',
  finds: 'a TURN server that relays for anybody, or into private networks',
  source: 'https://www.rfc-editor.org/rfc/rfc8656#section-21',
  async run(deployment) {
    const reports = await deployment.turn();
    const answering = reports.filter(({ allocation }) => typeof allocation !== 'string');
    const known = answering.filter(
      ({ allocation }) =>
        typeof allocation !== 'string' &&
        (allocation.admitsAnybody || allocation.refusal === undefined),
    );
    if (known.length === 0) return skipped('no transport gives an allocation; see the check turn');
    return verdict(known.flatMap(problemsOf), 'callers alone, and not into private networks');
  },
};

function problemsOf({ allocation, server }: TurnReport): Problem[] {
  if (typeof allocation === 'string') return [];
  if (allocation.admitsAnybody) {
    return [
      fail(
        `${server.url} gives an allocation without credentials`,
        '401 without credentials',
        'Set use-auth-secret, and remove no-auth, in turnserver.conf.',
      ),
    ];
  }
  if (allocation.relaysTo.length === 0) return [];
  return [
    fail(
      `${server.url} relays to ${allocation.relaysTo.join(', ')}`,
      'no peers in private networks',
      'Set denied-peer-ip as in deploy/kubernetes/components/turn/turnserver.conf.',
    ),
  ];
}
