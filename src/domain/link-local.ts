const mapped = /^(?:::ffff:|64:ff9b::)/i;
const metadata = /^fd00:ec2::254$/i; // of AWS, which is not link-local by its prefix

/**
 * Whether an address, without brackets, is link-local or answers with the credentials of a machine in a cloud. Such an
 * address in IPv6 that stands for one in IPv4 counts too. A name is none.
 */
export const isLinkLocal = (address: string): boolean => {
  const inner = address.replace(mapped, '');
  if (inner !== address) return /^a9fe:[\da-f]{1,4}$/i.test(inner) || isLinkLocal(inner);
  return /^169\.254\.\d+\.\d+$/.test(address) || /^fe[89ab][\da-f]:/i.test(address) || metadata.test(address);
};
