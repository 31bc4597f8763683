import { firstAtLeast } from './first-at-least.ts';
import { meanOfSketch, SKETCH_VALUES, writeSketch } from './patch-sketch.ts';
import { PATCH_PX, PATCH_VALUES, type PatchSource, placeAt, squaredDistance } from './patches.ts';

/** All patches of a picture, in an order in which the near ones of a given patch are found without looking at all. */
export interface PatchIndex {
  /**
   * Whether any patch of the picture is nearer than `limit` (a sum of squared differences) to the patch of `source` at `place`.
   * Exact: only patches that cannot be nearer are passed over.
   */
  hasNearer(source: PatchSource, place: number, limit: number): boolean;
}

/**
 * Orders the patches by their mean and keeps a sketch of each. Two patches whose means differ by m are at least
 * PATCH_VALUES m^2 apart, which leaves a window of the order; two sketches are never farther apart than their patches, which leaves few of it.
 */
export function patchIndex(picture: PatchSource): PatchIndex {
  const { places, means, sketches } = sortedByMean(picture);
  const own = new Float64Array(SKETCH_VALUES);
  const isNearer = (at: number, [source, place]: readonly [PatchSource, number], limit: number): boolean => {
    let bound = 0;
    for (let value = SKETCH_VALUES - 1; value >= 0; value -= 1) {
      const difference = (own[value] as number) - (sketches[at * SKETCH_VALUES + value] as number);
      bound += difference * difference;
      if (bound >= limit) return false;
    }
    return squaredDistance([source, place], [picture, places[at] as number], limit) < limit;
  };
  return {
    hasNearer(source, place, limit) {
      writeSketch(source, place, own);
      const mean = meanOfSketch(own);
      const reach = Math.sqrt(limit / PATCH_VALUES);
      const middle = firstAtLeast(means, mean);
      for (let at = middle; at < means.length && (means[at] as number) - mean <= reach; at += 1) {
        if (isNearer(at, [source, place], limit)) return true;
      }
      for (let at = middle - 1; at >= 0 && mean - (means[at] as number) <= reach; at -= 1) {
        if (isNearer(at, [source, place], limit)) return true;
      }
      return false;
    },
  };
}

function sortedByMean(picture: PatchSource) {
  const [columns, rows] = [picture.width - PATCH_PX + 1, picture.height - PATCH_PX + 1];
  const sketch = new Float64Array(SKETCH_VALUES);
  const patches = Array.from({ length: columns * rows }, (_, at) => {
    const place = placeAt(picture, at % columns, Math.floor(at / columns));
    writeSketch(picture, place, sketch);
    return { place, mean: meanOfSketch(sketch) };
  }).sort((a, b) => a.mean - b.mean);
  const sketches = new Float64Array(patches.length * SKETCH_VALUES);
  for (const [at, { place }] of patches.entries()) writeSketch(picture, place, sketches, at * SKETCH_VALUES);
  return {
    places: Int32Array.from(patches, ({ place }) => place),
    means: Float64Array.from(patches, ({ mean }) => mean),
    sketches,
  };
}
