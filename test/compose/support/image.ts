import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { linesOf } from './command.ts';

const inside = (image: string, script: string): Promise<string[]> =>
  linesOf(['docker', 'run', '--rm', '--entrypoint', 'bash', image, '-c', script]);

/**
 * What an image must not have: programs that install, programs with the rights of their owner, tests,
 * and what Node.js does not read of its libraries; and the commands of the runbooks that it lacks.
 */
export function foundInside(image: string): Promise<string[]> {
  return inside(
    image,
    `for tool in npm npx yarn corepack pnpm apt dpkg perl; do command -v $tool; done
    find / -xdev -perm /6000 -type f 2>/dev/null
    find /app -name '*.test.ts' -o -path '*/node_modules/.pnpm/*' -name '*.map'
    for tool in node sh bash grep printenv tar; do command -v $tool >/dev/null || echo no $tool; done`,
  );
}

/** The npm packages in `node_modules` of an image, as sorted `name@version`. */
export async function packagesInside(image: string): Promise<string[]> {
  const print = `for (const file of process.argv.slice(1)) {
    const { name, version } = JSON.parse(fs.readFileSync(file, 'utf8'));
    console.log(name + '@' + version);
  }`;
  const own = '/app/node_modules/.pnpm/*/node_modules';
  // A package links to others by symbolic links beside it.
  const find = `find ${own} -maxdepth 3 -name package.json -type f -path '*/node_modules/*'`;
  const depth = `grep -E '/node_modules/(@[^/]+/)?[^/]+/package[.]json$'`;
  const found = await inside(image, `node --eval "${print}" $(${find} | ${depth})`);
  return [...new Set(found)].sort();
}

interface Sbom {
  readonly components: readonly {
    readonly group?: string;
    readonly name: string;
    readonly version: string;
  }[];
}

/** The components of a CycloneDX document, as sorted `name@version`. */
export function npmPackagesOf(sbom: string): string[] {
  const { components } = JSON.parse(sbom) as Sbom;
  const names = components.map(({ group, name, version }) => {
    const prefix = group === undefined ? '' : `${group}/`;
    return `${prefix}${name}@${version}`;
  });
  return [...new Set(names)].sort();
}

/** What the schema of CycloneDX 1.6 says against a document; null if nothing. */
export function sbomErrors(sbom: string): Promise<unknown> {
  return new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(sbom);
}
