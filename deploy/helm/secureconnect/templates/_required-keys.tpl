{{- /* Written by `npm run generate` from deploy/kubernetes/base. */ -}}
{{- define "secureconnect.requiredKeys" -}}
{{- if and .Values.cassandra.contactPoints .Values.cassandra.authentication }}
CASSANDRA_PASSWORD
{{- end }}
{{- if and .Values.cassandra.contactPoints .Values.cassandra.authentication }}
CASSANDRA_USERNAME
{{- end }}
{{- if not .Values.postgresql.host }}
DATABASE_URL
{{- end }}
FACTOR_SECRET
JWT_SECRET
S3_ACCESS_KEY
S3_SECRET_KEY
SIGNALS_TOKEN
SMTP_URL
{{- if .Values.calls.turnUrls }}
TURN_SECRET
{{- end }}
{{- end }}
