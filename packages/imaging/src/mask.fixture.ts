import type { Mask } from './mask.ts';

/** A mask drawn with text: `#` is marked. */
export function maskOf(rows: readonly string[]): Mask {
  const data = Uint8Array.from(rows.join(''), (sign) => Number(sign === '#'));
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}
