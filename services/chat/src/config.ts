import { type RedisConfig, redisConfig, redisVariables } from '@secureconnect/redis';
import {
  type CommonConfig,
  commonConfig,
  commonVariables,
  port,
  readEnvironment,
} from '@secureconnect/service';
import { tokenVariables } from '@secureconnect/tokens';

const variables = {
  ...commonVariables,
  ...redisVariables,
  ...tokenVariables,
  CHAT_PORT: port(8082),
};

export interface ChatConfig extends CommonConfig {
  readonly port: number;
  readonly redis: RedisConfig;
  readonly jwtSecret: string;
}

/** Reads chat's environment. Throws ConfigError naming what is wrong. */
export function readChatConfig(environment: NodeJS.ProcessEnv): ChatConfig {
  const values = readEnvironment(variables, environment);
  return {
    ...commonConfig(values),
    port: values.CHAT_PORT,
    redis: redisConfig(values),
    jwtSecret: values.JWT_SECRET,
  };
}
