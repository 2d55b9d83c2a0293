// The packages of traces in one module, which can be loaded late. A bundled program can import only modules of its own
// late: a CommonJS package would have no named exports.
export * as api from '@opentelemetry/api';
export * as core from '@opentelemetry/core';
export * as exporter from '@opentelemetry/exporter-trace-otlp-http';
export * as resources from '@opentelemetry/resources';
export * as sdk from '@opentelemetry/sdk-trace-node';
