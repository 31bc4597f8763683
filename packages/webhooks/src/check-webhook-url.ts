import { isIP } from 'node:net';
import { AppError } from '@singan/domain';
import { isPublicAddress } from './public-address.ts';

export interface AddressPolicy {
  /** Also http and addresses of private networks: for development and closed installations. */
  readonly allowPrivate: boolean;
}

/**
 * Refuses what can be refused without asking DNS: the syntax, the scheme, literal addresses. What a name resolves to is
 * checked when the connection is made, because it may differ from what it resolves to now.
 */
export function checkWebhookUrl(url: string, policy: AddressPolicy): URL {
  const parsed = URL.parse(url);
  if (parsed === null) throw refused('expected an absolute URL');
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw refused(`expected https, got ${parsed.protocol.slice(0, -1)}`);
  if (parsed.username !== '' || parsed.password !== '') throw refused('expected no user name or password in the URL');
  if (policy.allowPrivate) return parsed;
  if (parsed.protocol !== 'https:') throw refused('expected https, got http');
  // the parser has turned every spelling of an IPv4 address (decimal, hexadecimal, short) into the usual one
  const host = parsed.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(`expected a public address, got ${host}`);
  if (host === 'localhost' || host.endsWith('.localhost')) throw refused(`expected a public host, got ${host}`);
  return parsed;
}

function refused(detail: string): AppError {
  return new AppError('webhook.address_refused', `webhook address: ${detail}`);
}
