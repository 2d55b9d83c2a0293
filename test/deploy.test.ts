import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as v1Apps from 'kubernetes-models/apps/v1';
import * as v2 from 'kubernetes-models/autoscaling/v2';
import * as v1Networking from 'kubernetes-models/networking.k8s.io/v1';
import * as v1Policy from 'kubernetes-models/policy/v1';
import * as v1 from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../src/assembly/config.js';
import { renderChart } from './support/chart.js';

/** A kind of object with its schema; what it is made of is what the test is about, so its type says nothing. */
interface Model {
  readonly apiVersion: string;
  readonly kind: string;
  new (object: never): { validate(): void };
}

const read = (file: string): string => readFileSync(file, 'utf8');

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  const copied = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files = '']) => files.split(' '));

  it('has nothing that a linter finds', () => {
    expect(validate(text)).toEqual([]);
  });

  it('runs as another than root, with production packages alone and a health check', () => {
    const [, last = ''] = /\nFROM node:24-slim\n(.*)$/s.exec(text) ?? [];
    expect(last).toMatch(/^USER 10001:10001$/m);
    expect(last).toMatch(/^HEALTHCHECK .*"node", "deploy\/healthcheck\.js"/m);
    expect(last).not.toMatch(/^RUN/m);
    expect(text).toContain('npm ci --omit=dev --ignore-scripts');
  });

  it('is given by .dockerignore all that it copies, and nothing else', () => {
    const given = read('.dockerignore').trim().split('\n');
    expect(given[0]).toBe('**');
    expect(given.slice(1).sort()).toEqual([...new Set(copied.map((file) => `!${file.replace('./', '')}`))].sort());
    for (const name of JSON.parse(read('package.json')).scripts.build.match(/tsconfig\.\w+\.json/g))
      expect(copied).toContain(name);
  });
});

describe('compose.yaml', () => {
  it('serves the sandbox to Prometheus, and Prometheus to Grafana', () => {
    const { services } = parse(read('compose.yaml'));
    expect(Object.keys(services)).toEqual(['copygraph', 'prometheus', 'grafana']);
    expect(services.copygraph).toMatchObject({ read_only: true, command: ['serve', '--sandbox', '--host', '0.0.0.0'] });
    const { scrape_configs: jobs } = parse(read('deploy/compose/prometheus.yml'));
    expect(jobs[0].static_configs).toEqual([{ targets: ['copygraph:4000'] }]);
    expect(parse(read('deploy/compose/datasource.yml')).datasources[0].url).toBe('http://prometheus:9090');
  });
});

describe('the Helm chart', () => {
  const auth = { apiKeys: [{ name: 'board', sha256: 'a'.repeat(64), scopes: ['copy:read'] }] };
  const upstreams = [{ id: 'aws', kind: 'aws-backup', region: 'us-east-1' }];
  const on = { enabled: true };
  const all = {
    config: { inline: { auth, upstreams } },
    autoscaling: on,
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    networkPolicy: { ingressFrom: [{ podSelector: {} }], egressTo: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    env: [{ name: 'LOG_LEVEL', value: 'warn' }],
    extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
    extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ssl/own' }],
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects of Kubernetes; the assertions are the check
  const objectOf = (kind: string, values: object = all): any => renderChart(values).get(kind);

  it('makes what is asked for', () => {
    const usual = ['Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Secret', 'Service', 'ServiceAccount'];
    expect([...renderChart().keys()].sort()).toEqual(usual);
    expect([...renderChart(all).keys()].sort()).toEqual([...usual, 'HorizontalPodAutoscaler', 'ServiceMonitor'].sort());
    const off = {
      config: { existingSecret: 'mine' },
      networkPolicy: { enabled: false },
      podDisruptionBudget: { enabled: false },
    };
    expect([...renderChart(off).keys()].sort()).toEqual(['Deployment', 'Service', 'ServiceAccount']);
    expect(objectOf('Deployment', off).spec.template.spec.volumes[0].secret.secretName).toBe('mine');
  });

  it('makes objects that are valid by the schemas of Kubernetes and of the Prometheus operator', () => {
    const models: Readonly<Record<string, Model>> = {
      Deployment: v1Apps.Deployment,
      HorizontalPodAutoscaler: v2.HorizontalPodAutoscaler,
      NetworkPolicy: v1Networking.NetworkPolicy,
      PodDisruptionBudget: v1Policy.PodDisruptionBudget,
      Secret: v1.Secret,
      Service: v1.Service,
      ServiceAccount: v1.ServiceAccount,
      ServiceMonitor: monitoring.ServiceMonitor,
    };
    for (const values of [all, {}]) {
      for (const [kind, object] of renderChart(values)) {
        const Kind = models[kind];
        if (Kind === undefined) throw new Error(`no schema for ${kind}`);
        expect(object).toMatchObject({ apiVersion: Kind.apiVersion, kind: Kind.kind });
        expect(() => new Kind(object as never).validate()).not.toThrow();
      }
    }
    const { spec } = objectOf('Deployment');
    expect(() => new v1Apps.Deployment({ spec: { ...spec, replicas: 'two' } }).validate()).toThrow();
  });

  it('has a config that the gateway takes, which drains as long as balancers need', () => {
    const config = parseConfig(objectOf('Secret').stringData['copygraph.yaml'], 'chart', {});
    expect(config.server).toMatchObject({ host: '0.0.0.0', drainDelaySeconds: 5 });
    const { terminationGracePeriodSeconds } = objectOf('Deployment').spec.template.spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(config.server.drainDelaySeconds + 10);
  });

  it('runs without rights, on a root that is read-only', () => {
    const { spec } = objectOf('Deployment').spec.template;
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    const [container] = spec.containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.image).toBe(`copygraph:${JSON.parse(read('package.json')).version}`);
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.env).toEqual(all.env);
    expect(container.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(['config', 'ca']);
    expect(spec.volumes.map(({ name }: { name: string }) => name)).toEqual(['config', 'ca']);
  });

  it('selects its own pods, and leads to the port that they have', () => {
    const { selector, template, replicas } = objectOf('Deployment').spec;
    const labels = template.metadata.labels;
    expect(selector.matchLabels).toEqual(labels);
    expect(replicas).toBeUndefined(); // the autoscaler's
    expect(objectOf('Deployment', {}).spec.replicas).toBe(2);
    expect(objectOf('Service').spec.selector).toEqual(labels);
    expect(objectOf('PodDisruptionBudget').spec.selector.matchLabels).toEqual(labels);
    expect(objectOf('NetworkPolicy').spec.podSelector.matchLabels).toEqual(labels);
    expect(objectOf('ServiceMonitor').spec.selector.matchLabels).toEqual(labels);
    expect(objectOf('ServiceMonitor').metadata.labels.release).toBe('prometheus');
    const [{ name, containerPort }] = template.spec.containers[0].ports;
    expect([name, containerPort]).toEqual(['http', 4000]);
    expect(objectOf('Service').spec.ports).toEqual([
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'metrics', port: 9464, targetPort: 'metrics' },
    ]);
    const config = parseConfig(objectOf('Secret').stringData['copygraph.yaml'], 'chart', {});
    const ports = template.spec.containers[0].ports as { name: string; containerPort: number }[];
    expect(ports.find((one) => one.name === 'metrics')?.containerPort).toBe(config.metrics.port);
    expect(objectOf('ServiceMonitor').spec.endpoints[0]).toMatchObject({ port: 'metrics', path: '/metrics' });
    expect(objectOf('HorizontalPodAutoscaler').spec.scaleTargetRef.name).toBe(objectOf('Deployment').metadata.name);
  });

  it('lets only whom it is told ask, and it call', () => {
    expect(objectOf('NetworkPolicy').spec).toMatchObject({
      ingress: [{ ports: [{ port: 'http' }], from: all.networkPolicy.ingressFrom }, { ports: [{ port: 'metrics' }] }],
      egress: all.networkPolicy.egressTo,
    });
    expect(objectOf('NetworkPolicy', {}).spec.egress).toEqual([{}]);
  });
});
