import type { CopyRun } from '../../domain/copy-run.js';
import type { TargetDetails, VaultKind } from '../../domain/target-details.js';
import { type FieldBuilder, builder } from '../builder.js';
import { described } from '../described.js';
import { AwsParamsRef, AzureParamsRef, CloudTypeRef, GcpParamsRef } from './cloud-params.js';

const VaultKindRef = builder.enumType('VaultKind', {
  description: 'Kind of Cohesity external target. Source: Cohesity v1 ArchivalExternalTarget.vaultType.',
  values: described<VaultKind>({
    CLOUD: 'Cloud storage. kCloud.',
    TAPE: 'Tape; a person may have to load media. kTape.',
    NAS: 'A file server. kNas.',
    UNKNOWN: 'A word we do not know.',
  }),
});

const of = <Member extends keyof TargetDetails>(member: Member, description: string) =>
  ({
    nullable: true,
    description,
    resolve: ({ targetDetails }: CopyRun): TargetDetails[Member] | null => targetDetails?.[member] ?? null,
  }) as const;

const params = (cloud: string): string => `Where in ${cloud} it is deployed or replicated to; otherwise \`null\`.`;

/** The fields of a copy run that say more of its target than `target` does: two copies to one target may differ in them. */
export const targetDetailFields = (t: FieldBuilder<CopyRun>) => ({
  upstreamTargetKind: t.field({
    type: 'String',
    ...of('upstreamKind', 'The vendor’s own word for the kind of its target, as sent; `null` unless that is UNKNOWN.'),
  }),
  vaultType: t.field({
    type: VaultKindRef,
    ...of('vaultType', 'Of an ARCHIVAL copy: cloud, tape or NAS; `null` for other kinds, and where not sent.'),
  }),
  cloudType: t.field({
    type: CloudTypeRef,
    ...of('cloudType', 'Of a CLOUD_DEPLOY or CLOUD_REPLICATION copy: which cloud; otherwise `null`.'),
  }),
  awsParams: t.field({ type: AwsParamsRef, ...of('awsParams', params('AWS')) }),
  azureParams: t.field({ type: AzureParamsRef, ...of('azureParams', params('Azure')) }),
  gcpParams: t.field({ type: GcpParamsRef, ...of('gcpParams', params('Google Cloud')) }),
});
