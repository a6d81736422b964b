{{- /* The data of the ConfigMap: fixed settings, those of the values' groups, and the values' own. */ -}}
{{- define "secureconnect.settings" -}}
{{- $all := include "secureconnect.fixedSettings" . | fromYaml -}}
{{- $all = merge $all (include "secureconnect.connections" . | fromYaml) -}}
{{- range $name, $value := .Values.settings }}
{{- $_ := set $all $name (include "secureconnect.text" $value) }}
{{- end }}
{{- range $name, $value := $all }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "secureconnect.connections" -}}
{{- with .Values.redis -}}
{{- if .url }}
REDIS_URL: {{ .url | quote }}
{{- else if .sentinels }}
REDIS_SENTINELS: {{ join "," .sentinels | quote }}
REDIS_MASTER_NAME: {{ .masterName | quote }}
{{- else }}
REDIS_CLUSTER: {{ join "," .cluster | quote }}
{{- end }}
{{- end }}
{{- with .Values.cassandra }}
{{- if .contactPoints }}
CASSANDRA_CONTACT_POINTS: {{ join "," .contactPoints | quote }}
CASSANDRA_LOCAL_DATACENTER: {{ .localDatacenter | quote }}
{{- with .keyspace }}
CASSANDRA_KEYSPACE: {{ . | quote }}
{{- end }}
CASSANDRA_REPLICATION_FACTOR: {{ int .replicationFactor | quote }}
{{- end }}
{{- end }}
{{- with .Values.s3 }}
S3_ENDPOINT: {{ .endpoint | quote }}
S3_PUBLIC_ENDPOINT: {{ .publicEndpoint | quote }}
S3_REGION: {{ .region | quote }}
S3_BUCKET: {{ .bucket | quote }}
{{- end }}
MAIL_FROM: {{ .Values.mail.from | quote }}
{{- with .Values.calls }}
STUN_URLS: {{ join "," .stunUrls | quote }}
TURN_URLS: {{ join "," .turnUrls | quote }}
TURN_CREDENTIAL_SECONDS: {{ int .turnCredentialSeconds | quote }}
{{- end }}
SIGNALS_SINK: {{ .Values.alerts.sink }}
{{- if eq .Values.alerts.sink "kubernetes" }}
SIGNALS_KUBERNETES_NAMESPACE: {{ .Release.Namespace }}
{{- end }}
{{- end }}
