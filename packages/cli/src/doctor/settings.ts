/** As `readEnvironment` of the services: names whose values are not printed. */
const secretName = /(?:SECRET|PASSWORD|TOKEN|KEY)(?!.*_(?:SECONDS|MINUTES|DAYS|PREFIX|FILE|ID)$)/;
/** Names that end like secrets and hold none; keys that are names of a secret among them. */
const publicNames = new Set([
  'ACCEPT_HS256_TOKENS',
  'APNS_KEY_ID',
  'REDIS_KEY_PREFIX',
  'REDIS_TLS_KEY',
  'S3_ACCESS_KEY',
  'SFU_API_KEY',
  'VAPID_PUBLIC_KEY',
]);

/** The environment of a deployment: the variables that the services read. */
export class Settings {
  readonly #environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** The value of a variable; undefined if it is not set, or empty, as for the services. */
  get(name: string): string | undefined {
    return this.#environment[name] || undefined;
  }

  /** The entries of a comma-separated list; none if it is not set. */
  list(name: string): string[] {
    const entries = (this.get(name) ?? '').split(',').map((entry) => entry.trim());
    return entries.filter((entry) => entry !== '');
  }

  /** Whether a flag is `true`; `fallback` if it is not set. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.get(name);
    return value === undefined ? fallback : value === 'true';
  }

  get isProduction(): boolean {
    return this.get('NODE_ENV') === 'production';
  }

  /** The secrets that are set, by name; each in full, as it stands in its variable. */
  secrets(): ReadonlyMap<string, string> {
    const names = Object.keys(this.#environment).filter(isSecretName);
    return new Map(names.flatMap((name) => pairOf(name, this.get(name))));
  }

  /** Passwords within URLs, by the name of their variable, decoded where they can be. */
  urlPasswords(): ReadonlyMap<string, string> {
    const names = Object.keys(this.#environment).filter((name) => /_URLS?$/.test(name));
    return new Map(names.flatMap((name) => pairOf(name, passwordIn(this.get(name)))));
  }
}

function isSecretName(name: string): boolean {
  return secretName.test(name) && !publicNames.has(name);
}

function pairOf(name: string, value: string | undefined): [string, string][] {
  return value === undefined || value === '' ? [] : [[name, value]];
}

function passwordIn(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  return decoded(password);
}

/** A text of a URL, decoded; as it stands if it is not percent-encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // as the services would report; the doctor only compares it
  }
}
