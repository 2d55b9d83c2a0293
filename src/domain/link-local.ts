const mapped = /^(?:::ffff:|64:ff9b::)/i;
const metadata = /^fd00:ec2::254$/i; // AWS's metadata address; its prefix is not link-local

/**
 * Whether an address, without brackets, is link-local or a cloud's metadata service, which hands out credentials. IPv6
 * forms of such IPv4 addresses count too. Host names do not.
 */
export const isLinkLocal = (address: string): boolean => {
  const inner = address.replace(mapped, '');
  if (inner !== address) return /^a9fe:[\da-f]{1,4}$/i.test(inner) || isLinkLocal(inner);
  return /^169\.254\.\d+\.\d+$/.test(address) || /^fe[89ab][\da-f]:/i.test(address) || metadata.test(address);
};
