import { SIFID_LAYERS, type SifidLayer } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { featureGaussian } from './feature-gaussian.ts';
import { type FrechetReference, frechetDistance, frechetReference } from './frechet-distance.ts';
import type { InceptionNet } from './inception-net.ts';

/** By layer; null where one of the two pictures is too small. */
export type Sifid = Record<SifidLayer, number | null>;

/** What SIFID needs of a real picture, computed once for all samples. Null at a layer for which it is too small. */
export type SifidReference = Readonly<Record<SifidLayer, FrechetReference | null>>;

export function sifidReference(net: InceptionNet, real: RgbImage): SifidReference {
  const maps = net.features(real);
  return byLayer((layer) => maps[layer] && frechetReference(featureGaussian(maps[layer])));
}

/**
 * Single image Fréchet Inception distance (paper, section 3): the Fréchet distance of the features of two pictures, a vector for each
 * location. 0 for equal pictures.
 */
export function sifid(net: InceptionNet, reference: SifidReference, image: RgbImage): Sifid {
  const maps = net.features(image);
  return byLayer((layer) => {
    const [real, map] = [reference[layer], maps[layer]];
    return real && map && frechetDistance(real, featureGaussian(map));
  });
}

export function byLayer<T>(compute: (layer: SifidLayer) => T): Record<SifidLayer, T> {
  return Object.fromEntries(SIFID_LAYERS.map((layer) => [layer, compute(layer)])) as Record<SifidLayer, T>;
}
