import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A command that prints credentials (`client.authentication.k8s.io`). */
const ExecCommand = z.object({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
export type ExecCommand = z.infer<typeof ExecCommand>;

/** A cluster of a kubeconfig, as far as the gateway reads it. */
const ClusterEntry = z.object({
  server: z.string(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});
export type ClusterEntry = z.infer<typeof ClusterEntry>;

/** A user of a kubeconfig, as far as the gateway reads it. */
const UserEntry = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  as: z.string().optional(),
  exec: ExecCommand.nullish(),
  'auth-provider': z.object({ name: z.string() }).nullish(),
});
export type UserEntry = z.infer<typeof UserEntry>;

const ContextEntry = z.object({ cluster: z.string(), user: z.string().default('') });

const File = z.object({
  'current-context': z.string().default(''),
  contexts: z.array(z.object({ name: z.string(), context: ContextEntry })).default([]),
  clusters: z.array(z.object({ name: z.string(), cluster: ClusterEntry })).default([]),
  users: z.array(z.object({ name: z.string(), user: UserEntry.nullish() })).default([]),
});

/** The current context of a kubeconfig; undefined for what it does not name. */
export interface CurrentContext {
  readonly cluster: ClusterEntry | undefined;
  /** Empty for a user without credentials. */
  readonly user: UserEntry | undefined;
}

/**
 * Reads a kubeconfig. Relative paths in it count from its own folder, as for kubectl. Throws an
 * Error that says why it cannot be read.
 */
export async function readKubeconfig(path: string): Promise<CurrentContext> {
  const parsed = File.safeParse(parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(firstIssue(parsed.error));
  const file = parsed.data;
  const current = file.contexts.find(({ name }) => name === file['current-context'])?.context;
  const cluster = file.clusters.find(({ name }) => name === current?.cluster)?.cluster;
  const user = file.users.find(({ name }) => name === current?.user);
  const folder = dirname(path);
  return {
    cluster: cluster && withAbsolute(cluster, ['certificate-authority'], folder),
    user: user && withAbsolute(user.user ?? {}, pathsOfUser, folder),
  };
}

const pathsOfUser = ['tokenFile', 'client-certificate', 'client-key'] as const;

function withAbsolute<Name extends string, Entry extends { readonly [N in Name]?: unknown }>(
  entry: Entry,
  names: readonly Name[],
  folder: string,
): Entry {
  const paths = names.flatMap((name) => {
    const value: unknown = entry[name];
    return typeof value === 'string' && value !== '' ? [[name, resolve(folder, value)]] : [];
  });
  return { ...entry, ...Object.fromEntries(paths) };
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is no kubeconfig' : `${issue.path.join('.')}: ${issue.message}`;
}
