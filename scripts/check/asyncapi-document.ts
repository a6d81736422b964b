import { readFile } from 'node:fs/promises';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';

/**
 * Validates an AsyncAPI document by the parser of its makers, which also checks what the linter of
 * `api-documents.ts` does not: that the messages of an operation belong to its channel.
 * @returns a line for each error and warning; a note, such as of a newer AsyncAPI, is none
 */
export async function validateAsyncApi(file: string): Promise<string[]> {
  const diagnostics = await new Parser().validate(await readFile(file, 'utf8'));
  return diagnostics
    .filter(({ severity }) => severity <= DiagnosticSeverity.Warning)
    .map(({ path, code, message }) => `asyncapi ${path.join('.')}: ${code}: ${message}`);
}
