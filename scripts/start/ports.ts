import { isPortFree } from '@secureconnect/embedded';
import { ConfigError } from '@secureconnect/service/environment';
import type { Service } from './settings.ts';

/**
 * Checks that every service's port is free.
 * @throws ConfigError that names each port in use and the variable that changes it.
 */
export async function checkPorts(services: readonly Service[]): Promise<void> {
  const complaints: string[] = [];
  for (const { name, port, portVariable } of services) {
    try {
      if (await isFree(port)) continue;
      complaints.push(
        `Port ${port}, for ${name}, is in use. Stop what uses it, or set ${portVariable}.`,
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      complaints.push(`${portVariable} is ${port}, which cannot be used: ${why}.`);
    }
  }
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
}

/** Both address families, because on some systems one can be in use while the other is free. */
async function isFree(port: number): Promise<boolean> {
  return (
    (await isPortFree(port, { host: undefined })) && (await isPortFree(port, { host: '127.0.0.1' }))
  );
}
