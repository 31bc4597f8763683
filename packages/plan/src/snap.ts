/** Distance to an integer below which a computed size counts as that integer: pow and log differ in the last bits between platforms. */
const TOLERANCE = 1e-9;

/** The integer next to `value` when it is within 1e-9 of it, else `value`; to be used before every ceil and round of a size. */
function snap(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < TOLERANCE ? nearest : value;
}

export function roundSnapped(value: number): number {
  return Math.round(snap(value));
}

export function ceilSnapped(value: number): number {
  return Math.ceil(snap(value));
}

/** Towards zero. */
export function truncateSnapped(value: number): number {
  return Math.trunc(snap(value));
}
