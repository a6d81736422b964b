import { type RedisConfig, redisConfig, redisVariables } from '@secureconnect/redis';
import {
  type CommonConfig,
  ConfigError,
  commonConfig,
  commonVariables,
  corsOrigins,
  corsVariables,
  originOf,
  port,
  proxies,
  readEnvironment,
  text,
} from '@secureconnect/service';
import { type TokenConfig, tokenConfig, tokenVariables } from '@secureconnect/tokens';
import { z } from 'zod';
import { connectOrigins, connectOriginsVariables } from './console/connect-origins.ts';
import { type MetricsConfig, metricsConfig, metricsPort, metricsToken } from './metrics-config.ts';
import { type UpstreamName, upstreamNames } from './proxy/upstreams/names.ts';
import {
  kubeconfigPath,
  type SignalsConfig,
  signalsAuth,
  signalsClosedRetentionDays,
  signalsConfig,
  signalsEnvironments,
  signalsKubernetesNamespace,
  signalsSink,
  signalsToken,
} from './signals/signals-config.ts';

/** Set by `npm start`, which listens there. */
const demoRedisSwitch = z
  .string()
  .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w-]{43}$/, {
    error: 'no value: npm start sets it by itself',
  })
  .optional();

const addresses = text('addresses of instances: http://host:port,http://host:port,…').optional();

const variables = {
  ...commonVariables,
  ...redisVariables,
  ...tokenVariables,
  // Clients connect to the gateway, so it believes only named proxies. The services have a
  // different variable, because they believe their private network.
  GATEWAY_TRUSTED_PROXIES: proxies(''),
  GATEWAY_PORT: port(8080),
  ...corsVariables,
  ...connectOriginsVariables,
  METRICS_PORT: metricsPort,
  METRICS_TOKEN: metricsToken,
  AUTH_URL: addresses,
  AUTH_PORT: port(8081),
  CHAT_URL: addresses,
  CHAT_PORT: port(8082),
  VIDEO_URL: addresses,
  VIDEO_PORT: port(8083),
  STORAGE_URL: addresses,
  STORAGE_PORT: port(8084),
  FLEET: addresses,
  SIGNALS_TOKEN: signalsToken,
  SIGNALS_AUTH: signalsAuth,
  SIGNALS_SINK: signalsSink,
  SIGNALS_ENVIRONMENTS: signalsEnvironments,
  SIGNALS_KUBERNETES_NAMESPACE: signalsKubernetesNamespace,
  SIGNALS_CLOSED_RETENTION_DAYS: signalsClosedRetentionDays,
  KUBECONFIG: kubeconfigPath,
  DEMO_REDIS_SWITCH: demoRedisSwitch,
};

export interface GatewayConfig extends CommonConfig, TokenConfig {
  readonly port: number;
  readonly redis: RedisConfig;
  /**
   * Origins of web pages that may call, such as `https://app.example.com`; none if the list is
   * empty.
   */
  readonly corsOrigins: readonly string[];
  /** What the console's pages may reach beside the gateway: buckets, and servers of calls. */
  readonly consoleConnectOrigins: readonly string[];
  /** The origins of every upstream's instances. */
  readonly upstreams: Readonly<Record<UpstreamName, readonly string[]>>;
  /** The origins of the gateways themselves, for the fleet; none if they are not known. */
  readonly fleet: readonly string[];
  readonly signals: SignalsConfig;
  readonly metrics: MetricsConfig;
  /** Where `npm start` takes orders to stop and start its Redis. */
  readonly demoRedisSwitch: string | undefined;
}

/** Reads the gateway's environment. Throws ConfigError naming what is wrong. */
export function readGatewayConfig(environment: NodeJS.ProcessEnv): GatewayConfig {
  const values = readEnvironment(variables, environment);
  const common = commonConfig(values);
  if (common.production && values.DEMO_REDIS_SWITCH !== undefined) {
    throw new ConfigError('DEMO_REDIS_SWITCH is set; expected nothing in production.');
  }
  const given = {
    auth: { variable: 'AUTH_URL', value: values.AUTH_URL, port: values.AUTH_PORT },
    chat: { variable: 'CHAT_URL', value: values.CHAT_URL, port: values.CHAT_PORT },
    video: { variable: 'VIDEO_URL', value: values.VIDEO_URL, port: values.VIDEO_PORT },
    storage: { variable: 'STORAGE_URL', value: values.STORAGE_URL, port: values.STORAGE_PORT },
  };
  const upstreams = upstreamNames.map((name) => {
    const { variable, value, port: localPort } = given[name];
    if (value !== undefined) return [name, instances(variable, value)] as const;
    if (!common.production) return [name, [`http://127.0.0.1:${localPort}`]] as const;
    throw new ConfigError(
      `${variable} is not set; expected http://host:port of the ${name} service.`,
    );
  });
  return {
    ...common,
    trustedProxies: values.GATEWAY_TRUSTED_PROXIES,
    port: values.GATEWAY_PORT,
    redis: redisConfig(values),
    ...tokenConfig(values),
    corsOrigins: corsOrigins(values),
    consoleConnectOrigins: connectOrigins(values),
    upstreams: Object.fromEntries(upstreams) as Record<UpstreamName, readonly string[]>,
    fleet: values.FLEET === undefined ? [] : instances('FLEET', values.FLEET),
    signals: signalsConfig(values, common.production),
    metrics: metricsConfig(values, common.production),
    demoRedisSwitch: values.DEMO_REDIS_SWITCH,
  };
}

function instances(variable: string, value: string): string[] {
  const origins = value.split(',').map((entry) => originOf(entry.trim()));
  if (origins.every((origin) => origin !== undefined)) return origins;
  throw new ConfigError(
    `${variable} has a value that is not allowed; expected http://host:port,http://host:port,…`,
  );
}
