import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { copySources } from '../../../scripts/compose/copy-sources.ts';
import type { ServiceName } from '../../support/stack.ts';
import { type CommandOptions, type Ended, ended, linesOf, said } from './command.ts';
import { untilAllHealthy } from './container.ts';
import { documented, type Variant } from './documented.ts';
import { type ComposeVersion, composeCommands } from './engine.ts';
import { project } from './project.ts';

const maxUpMs = 900_000;
const maxDownMs = 180_000;

/** Profiles of `.env` whose images cannot be had everywhere; named where they are to be left out. */
const leftOut = (process.env['COMPOSE_TEST_WITHOUT'] ?? '').split(',').filter(Boolean);

export interface StackOptions {
  readonly version: ComposeVersion;
  /** A row of the table of variants in docs/docker.md. */
  readonly variant?: Variant;
}

/** The stack that the commands of docs/docker.md bring up, in a copy of the sources. */
export class ComposeStack implements AsyncDisposable {
  /** Of its `.env`. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** Where its commands are run. */
  readonly directory: string;
  /** What they are run with: names of its own, so that nothing of an operator's is touched. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #version: ComposeVersion;
  #variant: Variant | undefined;

  private constructor({ version, variant }: StackOptions, directory: string, env: string) {
    this.#version = version;
    this.#variant = variant;
    this.directory = directory;
    this.secrets = parseEnv(env);
    this.environment = { COMPOSE_PROJECT_NAME: project, SECURECONNECT_VERSION: `test-${version}` };
  }

  /** Nothing is started yet. Throws where a stack runs already: names and ports are the same. */
  static async prepare(options: StackOptions): Promise<ComposeStack> {
    const others = await linesOf(['docker', 'ps', '-aq', '--filter', 'name=^/api-gateway$']);
    if (others.length > 0) {
      throw new Error('A stack of docker-compose.yml is there already. Take it down first.');
    }
    const directory = await mkdtemp(join(tmpdir(), 'secureconnect-compose-'));
    await copySources(directory);
    await said(documented.prepare.split(' '), { directory });
    const file = join(directory, '.env');
    const environment = withoutProfiles(await readFile(file, 'utf8'));
    await writeFile(file, environment);
    return new ComposeStack(options, directory, environment);
  }

  /** From here on commands are about this variant, or about docker-compose.yml alone. */
  become(variant: Variant | undefined): void {
    this.#variant = variant;
  }

  /** The name of the image of a service, or of the migrations, that this stack has built. */
  image(service: ServiceName | 'migrate' | '*'): string {
    return `secureconnect/${service}:${this.environment['SECURECONNECT_VERSION']}`;
  }

  /** What Compose is called with. */
  get program(): readonly string[] {
    return composeCommands[this.#version];
  }

  /** The words of another command for what the documented one starts. */
  command(words: readonly string[], variant = this.#variant): string[] {
    const start = this.#start(variant);
    return [...start.slice(0, start.indexOf('up')), ...words];
  }

  #start(variant: Variant | undefined): string[] {
    const { start, startOf } = documented;
    const [, ...rest] = (variant === undefined ? start : startOf(variant)).split(' ');
    return [...this.program, ...rest];
  }

  /** What it printed. Rejects where it fails. */
  compose(
    words: readonly string[],
    { variant, ...options }: CommandOptions & { readonly variant?: Variant } = {},
  ): Promise<string> {
    return said(this.command(words, variant), this.#options(options));
  }

  /** Runs a command where the stack is, to its end, whatever that is. */
  ended(command: readonly string[], options?: CommandOptions): Promise<Ended> {
    return ended(command, this.#options(options));
  }

  #options(options: CommandOptions = {}): CommandOptions {
    const { directory, environment } = this;
    return { directory, ...options, env: { ...environment, ...options.env } };
  }

  /** Builds what is not there and starts everything, by the documented command, until healthy. */
  async up(): Promise<void> {
    await said(this.#start(this.#variant), this.#options({ timeoutMs: maxUpMs, shown: true }));
    await untilAllHealthy();
  }

  /** Takes everything down, by the documented words. */
  async down(): Promise<void> {
    const [, ...words] = documented.end.split(' ');
    await this.compose(words, { timeoutMs: maxDownMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    const name = '{{.Repository}}:{{.Tag}}';
    const images = await linesOf(['docker', 'image', 'ls', '--format', name, this.image('*')]);
    if (images.length > 0) await said(['docker', 'image', 'rm', ...images]);
    await rm(this.directory, { recursive: true });
  }
}

/** An `.env` without the profiles that are left out, as docs/docker.md says of their images. */
function withoutProfiles(environment: string): string {
  return environment.replace(
    /^(COMPOSE_PROFILES)=(.*)$/m,
    (_line, name: string, profiles: string) => {
      const others = profiles.split(',').filter((profile) => !leftOut.includes(profile));
      return `${name}=${others.join(',')}`;
    },
  );
}
