import { dilateMask } from './dilate-mask.ts';
import { gaussianBlur, type Plane } from './gaussian-blur.ts';
import type { Mask } from './mask.ts';

/** How far a mask is widened before it is softened, px: an edit needs room for new surroundings, a harmonised object keeps to its place. */
export const MASK_RADIUS = { harmonization: 7, editing: 20 } as const;

const BLUR = { sigmaPx: 5, truncate: 4 } as const;

export interface SoftMaskOptions {
  /** Radius of the dilating disk, px; see `MASK_RADIUS`. */
  readonly radiusPx: number;
}

/**
 * The weight of the generated picture at each pixel, for out = (1 - m) background + m generated: the mask dilated by a disk, blurred
 * by a Gaussian of sigma 5 px that ends at 20 px, then stretched to the whole of [0, 1]:
 *
 * m = (g - min g) / (max g - min g)
 *
 * A mask that covers all pixels once it is dilated gives 1 everywhere, one without marks 0.
 *
 * @param mask at the size of the picture (`resizeMask`)
 * @returns float32 [height * width], row-major, in [0, 1]
 */
export function softMask(mask: Mask, { radiusPx }: SoftMaskOptions): Float32Array {
  const { width, height, data } = dilateMask(mask, radiusPx);
  // Of a constant mask the blur would leave nothing but rounding errors, which must not be stretched.
  if (!data.includes(0) || !data.includes(1)) return Float32Array.from(data);
  return stretch(gaussianBlur({ width, height, data: Float32Array.from(data) }, BLUR));
}

function stretch({ data }: Plane): Float32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return data.map((value) => (value - low) / (high - low));
}
