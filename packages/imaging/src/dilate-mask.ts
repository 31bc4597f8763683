import type { Mask } from './mask.ts';

/**
 * Binary dilation by a disk: a pixel is marked when a marked one lies within `radiusPx` of it,
 *
 * out(x, y) = 1 where some mask(x + i, y + j) = 1 with i^2 + j^2 <= radius^2; outside the picture the mask is 0.
 *
 * Exact, in a time that does not depend on the radius: of all marked pixels of a column only the nearest one to a row matters for
 * that row, and at the distance d it marks the run of pixels from x - w to x + w, w = floor(sqrt(radius^2 - d^2)).
 *
 * @param radiusPx at least 0; 0 leaves the mask as it is
 */
export function dilateMask(mask: Mask, radiusPx: number): Mask {
  const { width, height } = mask;
  const halfWidths = halfWidthsOfDisk(radiusPx);
  const distances = columnDistances(mask, halfWidths.length);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < data.length; row += width) {
    markRuns(data.subarray(row, row + width), distances.subarray(row, row + width), halfWidths);
  }
  return { width, height, data };
}

/** Half the width of the disk at each whole distance from its centre. */
function halfWidthsOfDisk(radiusPx: number): Int32Array {
  if (!(radiusPx >= 0)) throw new Error(`expected a radius of at least 0 px, got ${radiusPx}`);
  return Int32Array.from({ length: Math.floor(radiusPx) + 1 }, (_, distance) =>
    Math.floor(Math.sqrt(radiusPx ** 2 - distance ** 2)),
  );
}

/** Rows between each pixel and the nearest marked one of its column, `limit` at most: one pass down, one up. */
function columnDistances({ width, height, data }: Mask, limit: number): Int32Array {
  const distances = new Int32Array(width * height);
  for (let index = 0; index < distances.length; index += 1) {
    const above = index < width ? limit : (distances[index - width] ?? limit);
    distances[index] = data[index] === 1 ? 0 : Math.min(limit, above + 1);
  }
  for (let index = distances.length - width - 1; index >= 0; index -= 1) {
    distances[index] = Math.min(distances[index] ?? limit, (distances[index + width] ?? limit) + 1);
  }
  return distances;
}

/** Marks in one row what the nearest marked pixel of each column reaches: the furthest end from the left, then from the right. */
function markRuns(row: Uint8Array, distances: Int32Array, halfWidths: Int32Array): void {
  let end = -1;
  for (let x = 0; x < row.length; x += 1) {
    end = Math.max(end, x + (halfWidths[distances[x] ?? 0] ?? Number.NEGATIVE_INFINITY));
    if (x <= end) row[x] = 1;
  }
  let start = row.length;
  for (let x = row.length - 1; x >= 0; x -= 1) {
    start = Math.min(start, x - (halfWidths[distances[x] ?? 0] ?? Number.NEGATIVE_INFINITY));
    if (x >= start) row[x] = 1;
  }
}
