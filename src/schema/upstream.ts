import type { Upstream, UpstreamHealth, HealthStatus, CircuitState } from '../domain/upstream.js';
import { type FieldBuilder, builder } from './builder.js';
import { described } from './described.js';
import { usually } from './cost.js';
import type { Context } from '../assembly/context.js';
import { findUpstream, upstreamNamed } from '../upstream/clients.js';
import type { Session } from '../upstream/product.js';
import { products } from '../upstream/products.js';
import { NodeRef } from './node.js';

const UpstreamKindRef = builder.enumType('UpstreamKind', {
  description: 'The product of an upstream.',
  values: described(Object.fromEntries(products.map(({ kind, description }) => [kind, description]))),
});

const HealthStatusRef = builder.enumType('HealthStatus', {
  description: 'The outcome of the last call to an upstream.',
  values: described<HealthStatus>({
    UP: 'It answered.',
    DOWN: 'It did not answer, sent an unreadable answer, or refused the gateway’s credentials.',
    UNKNOWN: 'This process has not called it yet.',
  }),
});

const CircuitStateRef = builder.enumType('CircuitState', {
  description: 'Whether the gateway sends calls to an upstream.',
  values: described<CircuitState>({
    CLOSED: 'It sends them.',
    OPEN: 'It sends none for a moment, because the upstream failed too often.',
    HALF_OPEN: 'It sends one, to test whether the upstream has recovered.',
  }),
});

const UpstreamHealthRef = builder.objectRef<UpstreamHealth>('UpstreamHealth').implement({
  tag: 'internal',
  description: 'The outcome of the last calls to an upstream, as this process saw them. Costs no call.',
  fields: (t) => ({
    status: t.expose('status', { type: HealthStatusRef, description: 'The outcome of the last call.' }),
    latencyMs: t.exposeInt('latencyMs', {
      nullable: true,
      description: 'The duration of the last successful call, in milliseconds. `null` before the first.',
    }),
    lastSuccessAt: t.expose('lastSuccessAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last answered. `null` if it never has.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description:
        'The reason of the last outage in the gateway’s words, such as `timeout`. Still there after a recovery; `null` if there was no outage.',
    }),
    circuit: t.expose('circuit', { type: CircuitStateRef, description: 'Whether the gateway sends calls to it.' }),
  }),
});

const identify = async (session: Session, name: string) =>
  (await session.clients.get(name)?.identify?.(session)) ?? null;

export const UpstreamRef = builder.objectRef<Upstream>('Upstream').implement({
  description: 'One configured cluster or AWS Backup endpoint.',
  interfaces: [NodeRef],
  authenticated: true,
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Its id in the config, such as `dc-east`. Arguments and filters name an upstream by it.',
    }),
    kind: t.expose('kind', { type: UpstreamKindRef, description: 'The product that it is.' }),
    sandbox: t.exposeBoolean('sandbox', { description: 'Whether it is the built-in sandbox and no real product.' }),
    region: t.exposeString('region', { nullable: true, description: 'The AWS Region; `null` for Cohesity.' }),
    clusterId: t.field({
      type: 'BigInt',
      nullable: true,
      description:
        'Cohesity’s own id of the cluster; `null` for AWS. Costs one call, shared by `clusterId`, `clusterName` and `version`.',
      resolve: async ({ name }, _args, { session }) => (await identify(session, name))?.clusterId,
    }),
    clusterName: t.string({
      nullable: true,
      description:
        'The cluster’s own name for itself; `null` for AWS. Costs one call, shared by `clusterId`, `clusterName` and `version`.',
      resolve: async ({ name }, _args, { session }) => (await identify(session, name))?.clusterName,
    }),
    version: t.string({
      nullable: true,
      description:
        'The cluster’s software version; `null` for AWS. Costs one call, shared by `clusterId`, `clusterName` and `version`.',
      resolve: async ({ name }, _args, { session }) => (await identify(session, name))?.version,
    }),
    health: t.field({
      type: UpstreamHealthRef,
      tag: 'internal',
      nullable: true,
      description: 'The outcome of the last calls, as this process saw them. Costs no call.',
      resolve: ({ name }, _args, { session }) => session.clients.get(name)?.health(),
    }),
  }),
});

/** The `upstream` field of records of an upstream. */
export const upstreamField = <T extends { readonly upstream: string }>(t: FieldBuilder<T>, description: string) =>
  t.field({
    type: UpstreamRef,
    description,
    resolve: ({ upstream }: T, _args: object, { session }: Context) => upstreamNamed(session.clients, upstream),
  });

builder.queryField('upstreams', (t) =>
  t.field({
    type: [UpstreamRef],
    ...usually(2),
    description: 'Every configured upstream that you may see, in the config’s order. Costs no call.',
    resolve: (_root, _args, { session }) => [...session.clients.values()].map(({ upstream }) => upstream),
  }),
);

builder.queryField('upstream', (t) =>
  t.field({
    type: UpstreamRef,
    nullable: true,
    description:
      'One upstream by its id in the config. `null` if there is none; FORBIDDEN if you may not see it. Costs no call.',
    args: { name: t.arg.string({ required: true, description: 'Its id in the config, such as `dc-east`.' }) },
    resolve: (_root, { name }, { session }) => findUpstream(session.clients, 'name', name),
  }),
);
