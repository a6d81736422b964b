import { IceServer } from '@secureconnect/contracts';
import { type RedisConfig, redisConfig, redisVariables } from '@secureconnect/redis';
import {
  type CommonConfig,
  ConfigError,
  commonConfig,
  commonVariables,
  corsOrigins,
  corsVariables,
  port,
  readEnvironment,
  text,
} from '@secureconnect/service';
import { type TokenConfig, tokenConfig, tokenVariables } from '@secureconnect/tokens';
import { z } from 'zod';

const variables = {
  ...commonVariables,
  ...redisVariables,
  ...tokenVariables,
  ...corsVariables,
  VIDEO_PORT: port(8083),
  ICE_SERVERS: text('a JSON list of ICE servers').default('[]'),
};

export interface VideoConfig extends CommonConfig, TokenConfig {
  readonly port: number;
  readonly redis: RedisConfig;
  /** Origins of web pages that may open sockets, in addition to this host. */
  readonly corsOrigins: readonly string[];
  /** Sent to clients with every call. If empty, peers connect directly or not at all. */
  readonly iceServers: readonly IceServer[];
}

/** Reads video's environment. Throws a ConfigError that names each wrong variable. */
export function readVideoConfig(environment: NodeJS.ProcessEnv): VideoConfig {
  const values = readEnvironment(variables, environment);
  return {
    ...commonConfig(values),
    port: values.VIDEO_PORT,
    redis: redisConfig(values),
    ...tokenConfig(values),
    corsOrigins: corsOrigins(values),
    iceServers: iceServers(values.ICE_SERVERS),
  };
}

/** RFC 7064 and RFC 7065. */
const IceUrl = z.string().regex(/^(stun|turn)s?:[^\s/@]+$/);
const IceServers = z.array(IceServer.extend({ urls: z.array(IceUrl).min(1) }).strict());

/** No error message repeats the value, because it may contain credentials. */
function iceServers(json: string): IceServer[] {
  const parsed = IceServers.safeParse(parse(json));
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ConfigError(
    `ICE_SERVERS is not valid${at === '' ? '' : ` at ${at}`}; expected a JSON list such as ` +
      '[{"urls":["turn:turn.example.org:3478"],"username":"…","credential":"…"}].',
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The schema then reports what is expected.
    return undefined;
  }
}
