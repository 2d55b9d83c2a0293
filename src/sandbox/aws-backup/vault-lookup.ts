import { notFound } from './errors.js';
import type { Estate } from './estate.js';
import { accounts, type Vault } from './vaults.js';

/** A vault of this Region by its name; the caller's own unless an account is given. */
export const findVault = (estate: Estate, name: string, accountId: string = accounts.primary): Vault => {
  const found = [...estate.vaults.values()].find(
    (vault) => vault.name === name && vault.region === estate.region && vault.accountId === accountId,
  );
  if (found === undefined) throw notFound(`Cannot find Backup vault with name ${name}`, name);
  return found;
};
