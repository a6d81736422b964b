import type { Check } from '../check.ts';
import { answeringGateway } from '../gateway/of-gateway.ts';
import { fail, skipped, verdict } from '../outcome.ts';

/** Clients cannot read the metrics, which tell how many users there are and what fails. */
export const metricsCheck: Check = {
  name: 'metrics',
  finds: 'metrics that any client of the gateway can read',
  source: 'observability.md',
  async run(deployment) {
    const { metrics, url } = await answeringGateway(deployment);
    if (typeof metrics === 'string') return skipped(`/metrics was not answered: ${metrics}`);
    const isOpen = metrics.status === 200 && /^# (?:HELP|TYPE) /m.test(metrics.body);
    const problems = [
      fail(
        `${url}/metrics answers without a token`,
        '404, or 401 without METRICS_TOKEN',
        'Set METRICS_PORT to a port that clients do not reach, or METRICS_TOKEN.',
      ),
    ];
    return verdict(isOpen ? problems : [], `${metrics.status} without a token`);
  },
};
