import type { Check } from '../check.ts';
import { answeringGateway } from '../gateway/of-gateway.ts';
import type { FleetInstance } from '../gateway/survey.ts';
import { fail, ok, type Problem, skipped, verdict, warn } from '../outcome.ts';

/** No process is degraded now. One in a drill is so by intent: a warning. */
export const degradedCheck: Check = {
  name: 'degraded',
  finds: 'processes that are degraded now, and drills under way',
  source: 'operations.md#fleet',
  async run(deployment) {
    const { fleet } = await answeringGateway(deployment);
    if (fleet === undefined)
      return skipped('the gateway shows no fleet at /v1/degraded?fleet=true');
    // Those that do not answer are reported by the check gateway.
    const degraded = fleet.instances.filter(({ state }) => state === 'degraded');
    if (degraded.length === 0) return ok(`${fleet.instances.length} processes, all normal`);
    return verdict(degraded.map(problemOf), '');
  },
};

function problemOf({ isInDrill, reason, service }: FleetInstance): Problem {
  if (isInDrill) {
    const action = 'Wait for its end, or end it (docs/operations.md, Drills).';
    return warn(`${service} is in a drill`, 'no drill', action);
  }
  return fail(
    `${service} is degraded: ${reason ?? 'no reason given'}`,
    'all processes normal',
    'docs/redis.md lists the reasons; see the checks of Redis above.',
  );
}
