import { readAuthConfig } from '@secureconnect/auth';
import { readChatConfig } from '@secureconnect/chat';
import { readGatewayConfig } from '@secureconnect/gateway';
import { isLogExportOn, isTracingOn } from '@secureconnect/service';
import { readStorageConfig } from '@secureconnect/storage';
import { readVideoConfig } from '@secureconnect/video';

/** The readers of a Deployment's environment. */
export const readers: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => unknown>> = {
  'api-gateway': readGatewayConfig,
  'auth-service': readAuthConfig,
  'chat-service': readChatConfig,
  'video-service': readVideoConfig,
  'storage-service': readStorageConfig,
};

/** Reads a configuration as the service does, and returns the names that it asked for. */
export function variablesRead(service: string, environment: NodeJS.ProcessEnv): Set<string> {
  const asked = new Set<string>();
  const watched = new Proxy(environment, {
    get(target, name) {
      asked.add(String(name));
      return Reflect.get(target, name);
    },
  });
  readers[service]?.(watched);
  isTracingOn(watched);
  isLogExportOn(watched);
  return asked;
}
