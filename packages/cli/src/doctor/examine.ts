import { allChecks } from './all-checks.ts';
import { openDeployment } from './deployment.ts';
import { type CheckResult, runChecks } from './run-checks.ts';

/**
 * Looks at a deployment with every check. Changes nothing but its own probe object.
 *
 * @param environment the variables of the services
 * @param gatewayUrl where clients reach the gateway; undefined: its checks are skipped
 */
export function examine(
  environment: NodeJS.ProcessEnv,
  gatewayUrl: string | undefined,
): Promise<CheckResult[]> {
  return runChecks(allChecks, openDeployment(environment, gatewayUrl));
}
