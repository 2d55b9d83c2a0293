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
  description: 'Which product an upstream is.',
  values: described(Object.fromEntries(products.map(({ kind, description }) => [kind, description]))),
});

const HealthStatusRef = builder.enumType('HealthStatus', {
  description: 'How the last call to an upstream went.',
  values: described<HealthStatus>({
    UP: 'It answered.',
    DOWN: 'It did not, or refused our credentials.',
    UNKNOWN: 'This process has not called it yet.',
  }),
});

const CircuitStateRef = builder.enumType('CircuitState', {
  description: 'Whether calls to an upstream are let through.',
  values: described<CircuitState>({
    CLOSED: 'They are.',
    OPEN: 'They are not: it failed too often, and is left alone for a moment.',
    HALF_OPEN: 'One is, to see whether it has recovered.',
  }),
});

const UpstreamHealthRef = builder.objectRef<UpstreamHealth>('UpstreamHealth').implement({
  tag: 'internal',
  description: 'How the last calls to an upstream went, as this process saw them. Costs no call.',
  fields: (t) => ({
    status: t.expose('status', { type: HealthStatusRef, description: 'How the last call went.' }),
    latencyMs: t.exposeInt('latencyMs', {
      nullable: true,
      description: 'How long the last successful call took, in milliseconds; `null` before the first.',
    }),
    lastSuccessAt: t.expose('lastSuccessAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last answered; `null` if it has not.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description:
        'Why a call last failed, in our words, such as `timeout`; kept after a recovery, `null` if none has.',
    }),
    circuit: t.expose('circuit', { type: CircuitStateRef, description: 'Whether calls are let through.' }),
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
      description:
        'Its id in the config, such as `dc-east`: what arguments and filters take wherever they name an upstream.',
    }),
    kind: t.expose('kind', { type: UpstreamKindRef, description: 'Which product it is.' }),
    sandbox: t.exposeBoolean('sandbox', { description: 'Whether it is the built-in double and no real product.' }),
    region: t.exposeString('region', { nullable: true, description: 'The AWS Region; `null` for Cohesity.' }),
    clusterId: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Cohesity’s own id of the cluster; `null` for AWS. Costs one call, shared by these three fields.',
      resolve: async ({ name }, _args, { session }) => (await identify(session, name))?.clusterId,
    }),
    clusterName: t.string({
      nullable: true,
      description: 'What the cluster calls itself; `null` for AWS. Costs one call, shared by these three fields.',
      resolve: async ({ name }, _args, { session }) => (await identify(session, name))?.clusterName,
    }),
    version: t.string({
      nullable: true,
      description: 'The cluster’s software version; `null` for AWS. Costs one call, shared by these three fields.',
      resolve: async ({ name }, _args, { session }) => (await identify(session, name))?.version,
    }),
    health: t.field({
      type: UpstreamHealthRef,
      tag: 'internal',
      nullable: true,
      description: 'How the last calls went, as this process saw them. Costs no call.',
      resolve: ({ name }, _args, { session }) => session.clients.get(name)?.health(),
    }),
  }),
});

/** The `upstream` field of whatever came from one. */
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
    description: 'Every configured upstream, in the config’s order. Costs no call.',
    resolve: (_root, _args, { session }) => [...session.clients.values()].map(({ upstream }) => upstream),
  }),
);

builder.queryField('upstream', (t) =>
  t.field({
    type: UpstreamRef,
    nullable: true,
    description: 'One upstream by its id in the config; `null` where there is none. Costs no call.',
    args: { name: t.arg.string({ required: true, description: 'Its id in the config, such as `dc-east`.' }) },
    resolve: (_root, { name }, { session }) => findUpstream(session.clients, 'name', name),
  }),
);
