import { DegradedMode, type Settings } from '@secureconnect/degraded-mode';
import { classify } from '@secureconnect/degraded-mode/ioredis';
import type { RedisConfig } from './config.ts';

/**
 * The degraded mode of one process under its configuration.
 * @param settings the settings that its routes' fallbacks may depend on
 */
export function redisMode(
  service: string,
  config: RedisConfig,
  settings: Settings = {},
): DegradedMode {
  return new DegradedMode({
    service,
    classify,
    fallbackEnabled: config.fallbackEnabled,
    settings,
    // The client gives each command up itself; a port may need more than one.
    portLimitMs: Number.POSITIVE_INFINITY,
  });
}
