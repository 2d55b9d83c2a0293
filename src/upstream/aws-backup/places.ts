import type { NamedUpstream } from '../../config/key.js';

/** The Regions and accounts of a section. */
interface Places<Account> {
  readonly id: string;
  readonly region: string | undefined;
  readonly regions: readonly string[] | undefined;
  readonly accounts: readonly Account[] | undefined;
}

/** One upstream of a section: an account's view of a Region. */
interface Place<Account> extends NamedUpstream {
  readonly region: string;
  readonly account: Account | undefined; // absent: the account of the credentials
}

/**
 * An upstream for each Region and account, by account and then by Region. The ids are `<id>`, `<id>-<region>` with
 * `regions`, and `<id>-<account>-<region>` with `accounts`.
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

/**
 * The same for a section that may be invalid, as far as it can be read. Without a Region, the upstream has the
 * section's id.
 */
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
