import type { Check } from '../check.ts';
import { fieldsOf } from '../gateway/survey.ts';
import { fail, ok, type Problem, skipped, verdict } from '../outcome.ts';

const services = ['auth', 'chat', 'video', 'storage'] as const;

/** The gateway is ready, and so is every service behind it, with its database and store. */
export const gatewayCheck: Check = {
  name: 'gateway',
  finds: 'a gateway, or a service behind it, that does not answer or is not ready',
  source: 'observability.md',
  async run(deployment) {
    const { health, ready, url } = await deployment.gateway();
    if (typeof ready === 'string') {
      return fail(
        `${url}: ${ready}`,
        'a gateway at this address',
        'Start it, or correct the address given by --url.',
      );
    }
    const problems = ready.status === 200 ? [] : [notReady(ready.status, ready.json())];
    if (typeof health === 'string' || fieldsOf(health.json())['services'] === undefined) {
      if (problems.length > 0) return verdict(problems, '');
      return skipped('/health names no services here; give the address of the gateway itself');
    }
    const report = fieldsOf(health.json());
    problems.push(...services.flatMap((name) => serviceOf(name, report['services'])));
    if (report['remediation_requests'] === 'unavailable') problems.push(noRequests());
    return problems.length > 0
      ? verdict(problems, '')
      : ok(`gateway, ${services.join(', ')} ready`);
  },
};

function notReady(status: number, body: unknown): Problem {
  const { status: said } = fieldsOf(body);
  return fail(
    `the gateway answers /ready with ${status} ${typeof said === 'string' ? said : ''}`.trim(),
    '200 ready',
    'Read its log; docs/runbooks/service-not-ready.md.',
  );
}

function serviceOf(name: string, reports: unknown): Problem[] {
  const { instances, status } = fieldsOf(fieldsOf(reports)[name]);
  const { of, ready } = fieldsOf(instances);
  if (status === 'ready' && ready === of) return [];
  return [
    fail(
      `${name} is ${String(status ?? 'not listed')}, with ${String(ready ?? 0)} of ${String(of ?? 0)} instances ready`,
      'all instances ready',
      'Read its log; docs/runbooks/service-not-ready.md.',
    ),
  ];
}

function noRequests(): Problem {
  return fail(
    'the store of remediation requests does not answer',
    'an answer: without it, alerts are refused',
    'docs/runbooks/remediation-requests-not-stored.md',
  );
}
