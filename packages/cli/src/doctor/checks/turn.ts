import type { Check } from '../check.ts';
import { fail, type Problem, verdict } from '../outcome.ts';
import type { TurnReport } from '../turn/survey.ts';

/** The TURN server gives a caller an allocation by each of its transports. */
export const turnCheck: Check = {
  name: 'turn',
  finds: 'a TURN server that does not answer, or refuses the credentials that video makes',
  source: 'https://www.rfc-editor.org/rfc/rfc8656',
  async run(deployment) {
    const reports = await deployment.turn();
    return verdict(reports.flatMap(problemOf), `an allocation by ${reports.length} transports`);
  },
};

function problemOf({ allocation, server }: TurnReport): Problem[] {
  if (typeof allocation === 'string') {
    return [
      fail(
        `${server.url}: ${allocation}`,
        'an answer of the TURN server',
        'Start it, open its port, or correct TURN_URLS (docs/calls.md).',
      ),
    ];
  }
  if (allocation.refusal === undefined) return [];
  return [
    fail(
      `${server.url} gives no allocation: ${allocation.refusal}`,
      'an allocation for a caller',
      'Set static-auth-secret of the TURN server to TURN_SECRET (docs/calls.md).',
    ),
  ];
}
