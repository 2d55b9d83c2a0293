import { createPersistedQueryLink } from 'apollo-client-3/link/persisted-queries/index.js';
import * as third from 'apollo-client-3/core/index.js';
import * as apollo4 from 'apollo-client-4';
import { Defer20220824Handler } from 'apollo-client-4/incremental';
import { PersistedQueryLink } from 'apollo-client-4/link/persisted-queries';

type Apollo = typeof apollo4;
type Link = InstanceType<Apollo['ApolloLink']>;

interface Major {
  readonly apollo: Apollo;
  /** Sends the hash of a document in its place, and the document where it is asked for. */
  readonly persisted: (sha256: (text: string) => string) => Link;
  /** The options by which the client learns the format of `@defer`. */
  readonly incremental: object;
}

/** Both majors of Apollo Client. The types of the third are another's; the tests use what both have. */
export const majors: readonly (readonly [string, Major])[] = [
  [
    'Apollo Client 3',
    {
      apollo: third as unknown as Apollo,
      persisted: (sha256) => createPersistedQueryLink({ sha256 }) as unknown as Link,
      incremental: {},
    },
  ],
  [
    'Apollo Client 4',
    {
      apollo: apollo4,
      persisted: (sha256) => new PersistedQueryLink({ sha256 }),
      incremental: { incrementalHandler: new Defer20220824Handler() },
    },
  ],
];
