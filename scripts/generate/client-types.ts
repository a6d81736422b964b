import { clientTypesOf } from '@secureconnect/client/generator';
import { asyncApiFile, openApiFile } from './contract-documents.ts';
import type { Generator } from './generator.ts';

/** The types of packages/client. */
export const clientTypes: Generator = {
  file: 'packages/client/src/generated/api.ts',
  render: async () => clientTypesOf(await openApiFile.render(), await asyncApiFile.render()),
};
