#!/usr/bin/env bash
# zod 4.6.7: `toJSONSchema` writes the names of checks of its own as a `format` (`starts_with`, `ends_with`,
# `includes`, `lowercase`, `uppercase`), beside the pattern that says it. No draft of JSON Schema has these,
# so Ajv, strict as it is by default, does not compile the schema, with ajv-formats neither. Of `regex`,
# which is a check like them, zod writes the pattern alone: JSON Schema has a format of that name, with a
# different meaning.
# Needs Node 20 with npm.
set -euo pipefail

zod_version=4.6.7
ajv_version=8.20.0
formats_version=3.0.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "zod@$zod_version" "ajv@$ajv_version" \
  "ajv-formats@$formats_version" >/dev/null
echo "zod $zod_version, Ajv $ajv_version, ajv-formats $formats_version"

cat >"$folder/compile.mjs" <<'SCRIPT'
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';

const checks = {
  regex: z.string().regex(/^a/),
  starts_with: z.string().startsWith('a'),
  ends_with: z.string().endsWith('a'),
  includes: z.string().includes('a'),
  lowercase: z.string().lowercase(),
  uppercase: z.string().uppercase(),
};
const ajv = addFormats.default(new Ajv.default());
const rows = Object.entries(checks).map(([check, own]) => {
  const { format, pattern } = z.toJSONSchema(own);
  let ofAjv = 'compiled';
  try {
    ajv.compile(z.toJSONSchema(own));
  } catch (error) {
    ofAjv = error.message;
  }
  return { check, format, pattern, ofAjv };
});
console.table(rows);
const [regex, ...others] = rows;
const isUnknown = ({ check, format, ofAjv }) => check === format && ofAjv.startsWith('unknown format');
const isKnown = others.every(isUnknown);
process.exitCode = isKnown && regex.format === undefined && regex.ofAjv === 'compiled' ? 0 : 1;
SCRIPT
node "$folder/compile.mjs"
