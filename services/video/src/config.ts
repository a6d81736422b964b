import { type RedisConfig, redisConfig, redisVariables } from '@secureconnect/redis';
import {
  type CommonConfig,
  commonConfig,
  commonVariables,
  corsOrigins,
  corsVariables,
  port,
  readEnvironment,
} from '@secureconnect/service';
import { type TokenConfig, tokenConfig, tokenVariables } from '@secureconnect/tokens';
import { type PushConfig, pushConfig, pushVariables } from './push/push-config.ts';
import { type SfuConfig, sfuConfig, sfuVariables } from './sfu/sfu-config.ts';
import {
  refuseIceServers,
  type TurnConfig,
  turnConfig,
  turnVariables,
} from './turn/turn-config.ts';

const variables = {
  ...commonVariables,
  ...redisVariables,
  ...tokenVariables,
  ...corsVariables,
  VIDEO_PORT: port(8083),
  ...turnVariables,
  ...pushVariables,
  ...sfuVariables,
};

export interface VideoConfig extends CommonConfig, TokenConfig {
  readonly port: number;
  readonly redis: RedisConfig;
  /** Origins of web pages that may open sockets, in addition to this host. */
  readonly corsOrigins: readonly string[];
  readonly turn: TurnConfig;
  readonly push: PushConfig;
  /** Undefined if all calls are meshes. */
  readonly sfu: SfuConfig | undefined;
}

/** Reads video's environment. Throws a ConfigError that names each wrong variable. */
export function readVideoConfig(environment: NodeJS.ProcessEnv): VideoConfig {
  refuseIceServers(environment);
  const values = readEnvironment(variables, environment);
  const common = commonConfig(values);
  return {
    ...common,
    port: values.VIDEO_PORT,
    redis: redisConfig(values),
    ...tokenConfig(values),
    corsOrigins: corsOrigins(values),
    turn: turnConfig(values),
    push: pushConfig(values, common.production),
    sfu: sfuConfig(values, common.production),
  };
}
