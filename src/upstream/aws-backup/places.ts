import type { NamedUpstream } from '../../config/key.js';

/** What a section says of the Regions and accounts that it is for. */
interface Places<Account> {
  readonly id: string;
  readonly region: string | undefined;
  readonly regions: readonly string[] | undefined;
  readonly accounts: readonly Account[] | undefined;
}

/** One upstream of a section: an account's view of a Region. */
interface Place<Account> extends NamedUpstream {
  readonly region: string;
  readonly account: Account | undefined; // absent: that of the credentials
}

/**
 * An upstream for each Region and account: `<id>`, `<id>-<region>` for one of `regions`, `<id>-<account>-<region>` for one
 * of `accounts`. In the order of the accounts, and in each of the Regions.
 */
export const placesOf = <Account extends { readonly id: string }>(
  places: Places<Account>,
): readonly Place<Account>[] => {
  const { id, region, regions, accounts } = places;
  const all = regions ?? (region === undefined ? [] : [region]);
  if (accounts !== undefined)
    return accounts.flatMap((account, index) =>
      all.map((one) => ({ id: `${id}-${account.id}-${one}`, path: ['accounts', index, 'id'], region: one, account })),
    );
  if (regions === undefined) return all.map((one) => ({ id, path: ['id'], region: one, account: undefined }));
  return regions.map((one, index) => ({
    id: `${id}-${one}`,
    path: ['regions', index],
    region: one,
    account: undefined,
  }));
};

const isText = (value: unknown): value is string => typeof value === 'string';
const hasId = (value: unknown): value is { readonly id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && isText(value.id);

/** The same of a section that may be wrong, as far as it can be read. One without a Region has its own id. */
export const upstreamsOf = (section: Readonly<Record<string, unknown>>): readonly NamedUpstream[] => {
  const { id, region, regions, accounts } = section;
  if (!isText(id)) return [];
  const places = placesOf({
    id,
    region: isText(region) ? region : '',
    regions: Array.isArray(regions) ? regions.filter(isText) : undefined,
    accounts: Array.isArray(accounts) ? accounts.filter(hasId) : undefined,
  });
  return places.map((place) => ({ id: place.id, path: place.path }));
};
