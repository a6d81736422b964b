{{- /* Labels of every object, beside its own. */ -}}
{{- define "secureconnect.labels" -}}
app.kubernetes.io/part-of: secureconnect
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* The image of a workload: (list $ .Values.gateway.image). A digest goes before a tag. */ -}}
{{- define "secureconnect.image" -}}
{{- $ := index . 0 -}}
{{- $image := index . 1 -}}
{{- $name := $image.repository -}}
{{- with $.Values.image.registry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $name }}{{ end -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $name $image.digest }}
{{- else -}}
{{ printf "%s:%s" $name (coalesce $image.tag $.Values.image.tag $.Chart.AppVersion) }}
{{- end }}
{{- end }}

{{- /* DATABASE_URL: of the Secret, or composed of the values and a password. */ -}}
{{- define "secureconnect.databaseUrl" -}}
{{- with .Values.postgresql -}}
{{- if .host -}}
# Kubernetes puts it into the address.
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret.name }}
      key: {{ .existingSecret.key }}
- name: DATABASE_URL
  value: {{ printf "postgresql://%s:$(DATABASE_PASSWORD)@%s:%v/%s%s" (.user | urlquery) .host (int .port) (.database | urlquery) (ternary "" (printf "?%s" .parameters) (empty .parameters)) | quote }}
{{- else -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.existingSecret }}
      key: DATABASE_URL
{{- end }}
{{- end }}
{{- end }}

{{- /* The variables that the values of one workload have for it alone. */ -}}
{{- define "secureconnect.ownVariables" -}}
{{- range $name, $value := .settings }}
- name: {{ $name }}
  value: {{ include "secureconnect.text" $value | quote }}
{{- end }}
{{- with .env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* A value as a variable has it: Helm reads whole numbers as floating-point ones. */ -}}
{{- define "secureconnect.text" -}}
{{- if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{- /* A rule of a network policy: ports, and peers if there are some. */ -}}
{{- define "secureconnect.egress" -}}
- ports:
    {{- range .ports }}
    - port: {{ int . }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
