import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../support/stack.ts';
import { ended } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { containers, untilAllHealthy } from '../support/container.ts';

const ours = ['api-gateway', 'auth-service', 'chat-service', 'video-service', 'storage-service'];
/** What may be reached from other machines is decided by PUBLISH_ADDRESS, which is not set here. */
const onlyHere = '127.0.0.1';

/** Gives the volume to MinIO's user, and that is all it may do. */
const mayBeRoot = (name: string): boolean => name.includes('minio-volume');

export function comesUp(stack: () => ComposeStack): void {
  describe('the stack', () => {
    it('is healthy, every container of it, and its jobs have done their work', async () => {
      const names = (await containers()).map(({ Name }) => Name.replace(/^\//, ''));
      expect(names).toEqual(expect.arrayContaining(ours));
      expect(names.length).toBeGreaterThan(12);
      await untilAllHealthy();
    });

    it('runs every container with no more rights than it needs, and within limits', async () => {
      for (const { Name, Config, HostConfig } of await containers()) {
        const its = (what: string): string => `${what} of ${Name}`;
        expect(HostConfig.ReadonlyRootfs, its('read-only root')).toBe(true);
        expect(HostConfig.CapDrop, its('capabilities')).toEqual(['ALL']);
        expect(HostConfig.SecurityOpt, its('options')).toContain('no-new-privileges:true');
        expect(HostConfig.PidsLimit, its('processes')).toBeGreaterThan(0);
        expect(HostConfig.Memory, its('memory')).toBeGreaterThan(0);
        if (!mayBeRoot(Name)) expect(Config.User, its('user')).not.toMatch(/^(0|root)?(:|$)/);
      }
    });

    it('publishes ports on this machine alone', async () => {
      const bindings = (await containers()).flatMap(({ HostConfig }) =>
        Object.values(HostConfig.PortBindings).flatMap((bound) => bound ?? []),
      );
      expect(bindings.length).toBeGreaterThan(8);
      expect(new Set(bindings.map(({ HostIp }) => HostIp))).toEqual(new Set([onlyHere]));
    });

    it.each(serviceNames)('starts %s from what was compiled into its image', async (name) => {
      // It ends for want of settings, having loaded everything; as read-only as in the stack.
      const told = ['--read-only', '--env', 'NODE_DEBUG_NATIVE=COMPILE_CACHE'];
      const { output } = await ended(['docker', 'run', '--rm', ...told, stack().image(name)]);
      expect(output).toMatch(
        /transpile cache for StrippedTypeScript file:.*\/src\/main\.ts\.\.\.success/,
      );
      expect(output).not.toMatch(/permission denied|was rejected|no transpile cache/);
    });
  });
}
