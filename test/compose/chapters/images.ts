import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../support/stack.ts';
import { linesOf } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { foundInside, npmPackagesOf, packagesInside, sbomErrors } from '../support/image.ts';

const imageNames = [...serviceNames, 'migrate'] as const;
const maxBytes = 200e6;

export function hasSmallImages(stack: () => ComposeStack): void {
  describe('the images', () => {
    it.each(imageNames)('of %s has what runs, and less than 200 MB', async (name) => {
      const image = stack().image(name);
      const [size] = await linesOf(['docker', 'image', 'inspect', '--format', '{{.Size}}', image]);
      expect(Number(size)).toBeLessThan(maxBytes);
      expect(await foundInside(image)).toEqual([]);
    });

    it.each(imageNames)('of %s lists in CycloneDX the libraries that it has', async (name) => {
      const image = stack().image(name);
      const words = ['docker', 'run', '--rm', '--entrypoint', 'cat', image, '/app/sbom.cdx.json'];
      const sbom = (await linesOf(words)).join('\n');
      expect(await sbomErrors(sbom)).toBeNull();
      const foreign = npmPackagesOf(sbom).filter((one) => !one.startsWith('@secureconnect/'));
      expect(foreign.length).toBeGreaterThan(50);
      expect(foreign).toEqual(await packagesInside(image));
    });
  });
}
