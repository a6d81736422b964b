// Verifies the audit log against its hash chain. Requires DATABASE_URL, which is set in the
// container of the service:
//   npm run audit:verify
//   npm run audit:verify -- --anchor 1204:9f2c…   # also against an end of the chain kept elsewhere
// Changes nothing. Ends with 1 if the log is not intact.
import { parseArgs } from 'node:util';
import type { ChainHead } from '../audit/audit-chain.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { runCommand, UsageError } from './run-command.ts';

function readAnchor(text: string | undefined): ChainHead | undefined {
  if (text === undefined) return undefined;
  const [, sequence, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new UsageError('Expected --anchor SEQUENCE:HASH, as an earlier run wrote it.');
  }
  return { sequence: Number(sequence), hash: Buffer.from(hash, 'hex') };
}

await runCommand(async (database) => {
  const { values } = parseArgs({ options: { anchor: { type: 'string' } } });
  const { head, erased, faults } = await verifyAudit(database, readAnchor(values.anchor));
  if (faults.length > 0) {
    process.exitCode = 1;
    return ['The audit log is not intact:', ...faults.map((fault) => `- ${fault}`)];
  }
  const anchor = `${head.sequence}:${head.hash.toString('hex')}`;
  return [
    `The audit log is intact: ${head.sequence} entries, ${erased} with erased personal parts.`,
    `Keep this outside the database, for --anchor: ${anchor}`,
  ];
});
