{{- define "copygraph.labels" -}}
app.kubernetes.io/name: copygraph
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
