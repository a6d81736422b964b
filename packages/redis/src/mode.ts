import { DegradedMode } from '@secureconnect/degraded-mode';
import { classify } from './classify.ts';
import type { RedisConfig } from './config.ts';

/** The degraded mode of one process under its configuration. */
export function redisMode(service: string, config: RedisConfig): DegradedMode {
  return new DegradedMode({
    service,
    classify,
    fallbackEnabled: config.fallbackEnabled,
    settings: { ENABLE_STATELESS_AUTH: config.statelessAuth },
  });
}
