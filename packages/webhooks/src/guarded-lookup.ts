import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AppError } from '@singan/domain';
import { isPublicAddress } from './public-address.ts';

/** Resolves a name to all its addresses, as dns.promises.lookup does. */
export type Resolve = (hostname: string, options: LookupOptions & { all: true }) => Promise<LookupAddress[]>;

/**
 * A lookup for sockets: the address it hands over is the one that is connected to, so a name cannot change between check and
 * use (DNS rebinding). One address that is not public refuses the name: a public host has no reason to name it.
 */
export function guardedLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolvePublic(resolve, hostname, options).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

async function resolvePublic(
  resolve: Resolve,
  hostname: string,
  options: LookupOptions,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const [first, ...others] = await resolve(hostname, { ...options, all: true });
  if (first === undefined) throw new Error(`${hostname} has no address`);
  const addresses: [LookupAddress, ...LookupAddress[]] = [first, ...others];
  const inside = addresses.find(({ address }) => !isPublicAddress(address));
  if (inside === undefined) return addresses;
  // the address itself goes to the log only: whoever made the webhook need not learn our network from it
  throw new AppError(
    'webhook.address_refused',
    `webhook address: ${hostname} does not resolve to public addresses only`,
    {
      context: { hostname, address: inside.address },
    },
  );
}
