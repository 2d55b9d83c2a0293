import type { CopyRun } from '../../domain/copy-run.js';
import type { TargetDetails, VaultKind } from '../../domain/target-details.js';
import { type FieldBuilder, builder } from '../builder.js';
import { described } from '../described.js';
import { AwsParamsRef, AzureParamsRef, CloudTypeRef, GcpParamsRef } from './cloud-params.js';

const VaultKindRef = builder.enumType('VaultKind', {
  description: 'The kind of a Cohesity external target. Source: Cohesity v1 ArchivalExternalTarget.vaultType.',
  values: described<VaultKind>({
    CLOUD: 'Cloud storage. kCloud.',
    TAPE: 'Tape. A person may have to load media. kTape.',
    NAS: 'A file server. kNas.',
    UNKNOWN: 'A value that this version does not know.',
  }),
});

const of = <Member extends keyof TargetDetails>(member: Member, description: string) =>
  ({
    nullable: true,
    description,
    resolve: ({ targetDetails }: CopyRun): TargetDetails[Member] | null => targetDetails?.[member] ?? null,
  }) as const;

const params = (cloud: string): string =>
  `The place in ${cloud} that it is deployed or replicated to. \`null\` for other targets, or if not sent.`;

/** The fields of a copy run about its target. They may differ between two copies to one target, so they are not in `target`. */
export const targetDetailFields = (t: FieldBuilder<CopyRun>) => ({
  upstreamTargetKind: t.field({
    type: 'String',
    ...of(
      'upstreamKind',
      'The vendor’s own kind of its target, as sent. `null` unless the kind is UNKNOWN, or if not sent.',
    ),
  }),
  vaultType: t.field({
    type: VaultKindRef,
    ...of(
      'vaultType',
      'The kind of external target of an ARCHIVAL copy: cloud, tape or NAS. `null` for other copies, or if not sent.',
    ),
  }),
  cloudType: t.field({
    type: CloudTypeRef,
    ...of(
      'cloudType',
      'The cloud of a CLOUD_DEPLOY or CLOUD_REPLICATION copy. `null` for other copies, or if not sent.',
    ),
  }),
  awsParams: t.field({ type: AwsParamsRef, ...of('awsParams', params('AWS')) }),
  azureParams: t.field({ type: AzureParamsRef, ...of('azureParams', params('Azure')) }),
  gcpParams: t.field({ type: GcpParamsRef, ...of('gcpParams', params('Google Cloud')) }),
});
