/**
 * Writes the files that are generated from the source: `npm run generate`. With `--check` it writes
 * nothing and exits 1 if a file is out of date.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clientTypes } from './generate/client-types.ts';
import { asyncApiFile, openApiFile } from './generate/contract-documents.ts';
import { degradationDoc } from './generate/degradation.ts';
import { doctorDoc } from './generate/doctor-doc.ts';
import { doctorMigrations } from './generate/doctor-migrations.ts';
import type { Generator } from './generate/generator.ts';
import { grafanaComponent } from './generate/grafana-component.ts';
import { helmChart } from './generate/helm-chart/chart.ts';
import { kubernetesVersions } from './generate/kubernetes-version.ts';
import { portNames } from './generate/port-names.ts';
import { prometheusRules } from './generate/prometheus-rules.ts';
import { readmeTable } from './generate/readme.ts';
import { writeGenerated } from './generate/write-generated.ts';

const generators: readonly Generator[] = [
  degradationDoc,
  portNames,
  readmeTable,
  prometheusRules,
  grafanaComponent,
  ...kubernetesVersions,
  openApiFile,
  asyncApiFile,
  clientTypes,
  doctorMigrations,
  doctorDoc,
  ...(await helmChart()),
];

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..');
const differing = await writeGenerated(generators, { root, check: values.check });

for (const file of differing) console.log(`${values.check ? 'out of date' : 'written'}: ${file}`);
if (values.check && differing.length > 0) {
  console.log('Run `npm run generate` and commit the files that it writes.');
  process.exitCode = 1;
}
