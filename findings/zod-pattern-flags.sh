#!/usr/bin/env bash
# zod 4.6.7: `toJSONSchema` writes a regular expression without its flags and says nothing, although a JSON
# Schema has no place for them and it throws for other things that it cannot represent. So the schema
# that is published refuses what the server accepts (flag i, m), or accepts what the server refuses: JSON
# Schema reads every pattern as with flag u, and without it a character beyond U+FFFF counts as two.
# Needs Node 20 with npm. The schemas are read by Ajv.
set -euo pipefail

zod_version=4.6.7
ajv_version=8.20.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "zod@$zod_version" "ajv@$ajv_version" >/dev/null
echo "zod $zod_version, Ajv $ajv_version"

cat >"$folder/compare.mjs" <<'SCRIPT'
import Ajv from 'ajv/dist/2020.js';
import * as z from 'zod';

const ajv = new Ajv.default();
const rows = [
  [/^[a-f]+$/, 'abc'],
  [/^[a-f]+$/i, 'ABC'],
  [/^b$/m, 'a\nb'],
  [/^[^ ]{1,2}$/, '\u{1F600}\u{1F600}'],
].map(([pattern, value]) => {
  const own = z.string().regex(pattern);
  const schema = z.toJSONSchema(own);
  const accepted = { zod: own.safeParse(value).success, ajv: ajv.validate(schema, value) };
  return { pattern, written: schema.pattern, value, ...accepted };
});
for (const row of rows) console.log(row);
let isThrown = false;
try {
  z.toJSONSchema(z.bigint());
} catch (error) {
  console.log(`of a bigint: ${error.message}`);
  isThrown = true;
}
const seen = rows.map(({ zod, ajv: byAjv }) => [zod, byAjv]);
const known = [[true, true], [true, false], [true, false], [false, true]];
process.exitCode = isThrown && JSON.stringify(seen) === JSON.stringify(known) ? 0 : 1;
SCRIPT
node "$folder/compare.mjs"
