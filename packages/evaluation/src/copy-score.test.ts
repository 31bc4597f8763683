import type { RgbImage } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COPY_DISTANCE_LEVELS, copyScorer } from './copy-score.ts';
import { patchIndex } from './patch-index.ts';
import { SKETCH_VALUES, writeSketch } from './patch-sketch.ts';
import { type PatchSource, patchSource, placeAt, squaredDistance } from './patches.ts';
import { lcg, pictureOf, texture, withNoise } from './pictures.fixture.ts';

const SIZE = { width: 40, height: 30 };
const real = texture(SIZE);

/** By the definition, looking at everything. */
function copyScoreOf(sample: RgbImage, original: RgbImage): number {
  const [a, b] = [patchSource(sample), patchSource(original)];
  const limit = 363 * COPY_DISTANCE_LEVELS ** 2;
  const everyPlace = placesOf(b, 1);
  const copies = placesOf(a, 8).map((place) => {
    const distances = everyPlace.map((other) => squaredDistance([a, place], [b, other], Number.POSITIVE_INFINITY));
    const own = distances[everyPlace.indexOf(place)] ?? Number.NaN;
    return own < limit && own <= Math.min(...distances);
  });
  return copies.filter(Boolean).length / copies.length;
}

function placesOf(source: PatchSource, stride: number): number[] {
  const places: number[] = [];
  for (let y = 0; y <= source.height - 11; y += stride) {
    for (let x = 0; x <= source.width - 11; x += stride) places.push(placeAt(source, x, y));
  }
  return places;
}

describe('the copy score', () => {
  it('of the picture itself is 1, also where patches of it are alike', () => {
    expect(copyScorer(real)(real)).toBe(1);
    const flat = pictureOf(SIZE, () => 77);
    expect(copyScorer(flat)(flat)).toBe(1);
  });

  it('of the picture moved by a pixel, and of another one, is 0', () => {
    const wide = texture({ width: 41, height: 30 });
    const moved = pictureOf(SIZE, (x, y, at) => 127.5 * ((wide.data[(y * 41 + x + 1) * 3 + at] ?? 0) + 1));
    expect(copyScorer(real)(moved)).toBe(0);
    expect(copyScorer(real)(texture(SIZE, 4))).toBe(0);
  });

  it('of a picture that is copied in its left half is the share of the patches there', () => {
    const half = pictureOf(SIZE, (x, y, channel) => {
      const level = 127.5 * ((real.data[(y * 40 + x) * 3 + channel] ?? 0) + 1);
      return x < 21 ? level : 255 - level;
    });
    // Places 0, 8, 16 and 24: patches at 0 and 8 end before px 21.
    expect(copyScorer(real)(half)).toBe(2 / 4);
  });

  it('counts a patch as long as it is nearer than the limit', () => {
    const dim = pictureOf(SIZE, (x, y, channel) => 50 + ((x * 31 + y * 17 + channel * 7) % 150));
    const brighter = (levels: number) => ({ ...dim, data: dim.data.map((value) => value + levels / 127.5) });
    const score = copyScorer(dim);
    expect(score(brighter(12))).toBeGreaterThan(0.5);
    expect(score(brighter(13))).toBe(0);
  });

  it('is what looking at every patch gives', () => {
    const score = copyScorer(real);
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(3), fc.constantFrom(4, 15, 21, 22, 30), (seed, kind, amount) => {
        const sample = withNoise(kind === 0 ? real : blend(real, texture(SIZE, kind), kind / 4), amount, seed);
        expect(score(sample)).toBe(copyScoreOf(sample, real));
      }),
      { numRuns: 12 },
    );
  });

  it('is refused for a picture without a patch', () => {
    expect(() => copyScorer(texture({ width: 40, height: 10 }))).toThrow('11 px or more, got 40x10');
  });
});

describe('an index of patches', () => {
  it('finds whether any patch is nearer, for any picture and limit', () => {
    const size = { width: 16, height: 14 };
    const levels = fc.nat(0xffff).map((seed) => patchSource(pictureOf(size, smooth(seed))));
    fc.assert(
      fc.property(levels, levels, fc.nat(23), fc.double({ min: 0, max: 1.5, noNaN: true }), (a, b, at, factor) => {
        const place = placesOf(a, 1)[at] ?? 0;
        const distances = placesOf(b, 1).map((other) =>
          squaredDistance([a, place], [b, other], Number.POSITIVE_INFINITY),
        );
        const nearest = Math.min(...distances);
        const limit = Math.round(nearest * factor * 1.4);
        expect(patchIndex(b).hasNearer(a, place, limit)).toBe(nearest < limit);
      }),
    );
  });

  it('has sketches that are never farther apart than the patches', () => {
    const [a, b] = [patchSource(real), patchSource(withNoise(texture(SIZE, 2), 60))];
    const [one, other] = [new Float64Array(SKETCH_VALUES), new Float64Array(SKETCH_VALUES)];
    for (const place of placesOf(a, 7)) {
      writeSketch(a, place, one);
      writeSketch(b, place, other);
      const bound = one.reduce((sum, value, at) => sum + (value - (other[at] ?? 0)) ** 2, 0);
      const distance = squaredDistance([a, place], [b, place], Number.POSITIVE_INFINITY);
      expect(bound).toBeLessThanOrEqual(distance);
      expect(bound).toBeGreaterThan(0);
    }
  });
});

function blend(a: RgbImage, b: RgbImage, share: number): RgbImage {
  return { ...a, data: a.data.map((value, at) => value + share * 0.2 * ((b.data[at] ?? 0) - value)) };
}

/** Slow waves: many patches are nearly alike, and many are not. */
function smooth(seed: number): (x: number, y: number, channel: number) => number {
  const [fx = 0, fy = 0, phase = 0, base = 0] = lcg(4, seed);
  return (x, y, channel) => Math.round(128 + 60 * Math.sin(x * fx + y * fy + channel + 6 * phase) + 60 * (base - 0.5));
}
