/**
 * The parameters of a path such as `/carts/:user`, by their names. Paths with other syntax of a
 * router (groups, wildcards, patterns) have parameters of unknown names.
 */
export type PathParameters<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : Path extends `${string}${'*' | '{' | '(' | '?' | '+'}${string}`
    ? Readonly<Record<string, string>>
    : Named<Path>;

type Named<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name]: string } & Named<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? { readonly [Key in Name]: string }
    : unknown;
