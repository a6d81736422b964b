#!/usr/bin/env bash
# npm 11.19.1: `npm sbom --sbom-format cyclonedx` leaves out what an SPDX expression with one license
# says besides its id. `GPL-2.0-only WITH Classpath-exception-2.0` becomes GPL-2.0-only, a license that
# does not permit what the exception permits; `LGPL-2.1+` becomes LGPL-2.1. Expressions with OR or AND
# stay whole, and `--sbom-format spdx` keeps them all. Nothing says that something was left out.
# Needs Node 20 with npm.
set -euo pipefail

npm_version=11.19.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-save --prefix "$folder/npm" "npm@$npm_version" >/dev/null
npm=$folder/npm/node_modules/.bin/npm
mkdir -p "$folder/app"/{one,two,three}
cd "$folder/app"
echo '{"name":"one","version":"1.0.0","license":"GPL-2.0-only WITH Classpath-exception-2.0"}' >one/package.json
echo '{"name":"two","version":"1.0.0","license":"LGPL-2.1+"}' >two/package.json
echo '{"name":"three","version":"1.0.0","license":"(MIT OR Apache-2.0 WITH LLVM-exception)"}' >three/package.json
echo '{"name":"app","version":"1.0.0","private":true,"license":"MIT",
  "dependencies":{"one":"file:one","two":"file:two","three":"file:three"}}' >package.json
echo "npm $("$npm" --version 2>/dev/null)"
"$npm" install --silent --no-audit --no-fund >/dev/null
"$npm" sbom --silent --sbom-format cyclonedx >"$folder/cyclonedx.json"
"$npm" sbom --silent --sbom-format spdx >"$folder/spdx.json"

cat >"$folder/compare.mjs" <<'SCRIPT'
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}.json`, 'utf8'));
const inSpdx = new Map(read('spdx').packages.map(({ name, licenseDeclared }) => [name, licenseDeclared]));
const inCycloneDx = new Map(read('cyclonedx').components.map(({ name, licenses: [first] }) =>
  [name, first.expression ?? first.license.id],
));
const seen = ['one', 'two', 'three'].map((name) => `${inSpdx.get(name)} → ${inCycloneDx.get(name)}`);
console.log(seen.join('\n'));
const known = [
  'GPL-2.0-only WITH Classpath-exception-2.0 → GPL-2.0-only',
  'LGPL-2.1+ → LGPL-2.1',
  '(MIT OR Apache-2.0 WITH LLVM-exception) → (MIT OR Apache-2.0 WITH LLVM-exception)',
];
process.exitCode = String(seen) === String(known) ? 0 : 1;
SCRIPT
node "$folder/compare.mjs" "$folder"
