import {
  type Colour,
  fitPalette,
  nearestIndices,
  type Palette,
  quantizationError,
  refinePalette,
} from '@singan/singan';
import { expect } from 'vitest';
import { type GoldenArray, plainOf, valuesOf } from '../support/golden-array.ts';
import { expectClose, type GoldenCheck } from '../support/golden-check.ts';

interface QuantGolden {
  readonly real: GoldenArray;
  readonly centers_from_quant_f64: GoldenArray;
  readonly inertia_from_quant: number;
  readonly paint: GoldenArray;
  readonly quant2centers_output_given_those_centers: GoldenArray;
}

/**
 * k-means. The reference clusters triples of neighbours in a colour plane where ours clusters pixels: its planes, read as if they
 * were pixels, give ours the same points. Centres depend on the library, so their error is compared; a picture reduced to given
 * centres must agree in every value. The reference pairs each given centre with the cluster that it becomes in that picture (ours,
 * in use, takes the nearest).
 */
export const check: GoldenCheck = {
  prefix: 'f_quant',
  needsEngine: false,
  run(golden) {
    const file = golden as QuantGolden;
    const centres = coloursOf(valuesOf(file.centers_from_quant_f64));
    const real = triplesOf(file.real);
    const error = quantizationError(real, fitPalette(real, { colours: centres.length, seed: 0 }));
    expect(error).toBeLessThanOrEqual(1.02 * file.inertia_from_quant);
    expect(quantizationError(real, centres)).toBeCloseTo(file.inertia_from_quant, 3);

    const paint = triplesOf(file.paint);
    const clusters = nearestIndices(paint, refinePalette(paint, centres));
    const got = Array.from(clusters, (cluster) => centres[cluster] as Colour).flat();
    const expected = valuesOf(file.quant2centers_output_given_those_centers);
    expectClose('reduced to the centres', got, { expected, tolerance: 1e-6 });
  },
};

/** Planes as they lie in memory, three values to a pixel. */
function triplesOf(array: GoldenArray): { width: number; height: number; data: Float32Array } {
  const [, , height = 0, width = 0] = array.shape;
  return { width, height, data: plainOf(array).data };
}

function coloursOf(values: Float64Array): Palette {
  return Array.from(
    { length: values.length / 3 },
    (_, i) => [...values.subarray(3 * i, 3 * i + 3)] as unknown as Colour,
  );
}
