import ipaddr from 'ipaddr.js';

/** The one block of IPv6 from which public unicast addresses are given out (RFC 4291); whatever lies outside has a special meaning. */
const IPV6_GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** Public by its number, but answered by the hypervisor of Azure with secrets of the machine. */
const METADATA_ADDRESSES = ['168.63.129.16'];

/**
 * True for addresses that belong to one machine on the public internet. Everything else a name may resolve to reaches our own
 * network or host: loopback, private, link-local (cloud metadata), carrier NAT, multicast, and IPv6 forms that carry an IPv4
 * address (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || METADATA_ADDRESSES.includes(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || parsed.match(IPV6_GLOBAL_UNICAST);
}
