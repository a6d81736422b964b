import { expect, it } from 'vitest';
import { Template } from './template.ts';

it('puts pieces of template text into the YAML of an object', () => {
  const template = new Template();
  const text = template.text({
    metadata: {
      name: template.value('.Values.name'),
      [template.lines('{{- with .Values.more }}', '{{- toYaml . | nindent +0 }}', '{{- end }}')]:
        null,
    },
    env: [
      { name: 'ONE', value: 'true' },
      ...template.elementsWhen('.Values.two', [{ name: 'TWO', value: template.value('quote .x') }]),
    ],
    ...template.when('.Values.three', { three: [1, 2] }),
  });
  expect(text).toBe(`metadata:
  name: {{ .Values.name }}
  {{- with .Values.more }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
env:
  - name: ONE
    value: "true"
  {{- if .Values.two }}
  - name: TWO
    value: {{ quote .x }}
  {{- end }}
{{- if .Values.three }}
three:
  - 1
  - 2
{{- end }}
`);
});
