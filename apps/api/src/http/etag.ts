export function toEtag(sha256: string): string {
  return `"${sha256}"`;
}

/** Whether an If-None-Match header names the tag (RFC 9110: the weak comparison, so a W/ prefix does not matter). */
export function etagMatches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
