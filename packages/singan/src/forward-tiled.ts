import { AppError } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { forwardInference, type InferenceNet } from './inference-net.ts';
import { MARGIN } from './net-layout.ts';

/**
 * `forwardInference` in tiles of at most `tileLimitPixels` output pixels, so that the hidden layers, ten to forty times the
 * size of an image, stay bounded. Each tile reads 5 px more on every side than it writes, which is all that its pixels see,
 * so that tiles join without seams. Not with instance norm, whose statistics are those of the whole image.
 * @param padded [1, height + 10, width + 10, 3]
 * @returns [1, height, width, out]
 * @throws AppError `sample.too_large` for an image that would need tiles of a net with instance norm
 */
export function forwardTiled(net: InferenceNet, padded: tf.Tensor4D, tileLimitPixels: number): tf.Tensor4D {
  const height = padded.shape[1] - 2 * MARGIN;
  const width = padded.shape[2] - 2 * MARGIN;
  if (height * width <= tileLimitPixels) return forwardInference(net, padded);
  requireTiles(net, { width, height, tileLimitPixels });
  const side = Math.max(1, Math.floor(Math.sqrt(tileLimitPixels)));
  return tf.tidy(() => {
    const rows = spans(height, side).map((row) => {
      const tiles = spans(width, side).map((column) => forwardTile(net, padded, { row, column }));
      return tf.concat(tiles, 2);
    });
    return tf.concat(rows, 1);
  });
}

function requireTiles(net: InferenceNet, o: { width: number; height: number; tileLimitPixels: number }): void {
  if (net.style.normalization !== 'instance') return;
  const { width, height, tileLimitPixels } = o;
  throw new AppError(
    'sample.too_large',
    `A model with normalization instance makes pictures in one piece of at most ${tileLimitPixels} pixels, got ${width}x${height} = ${width * height}: ` +
      'ask for a smaller one, or train a model with normalization batch or none.',
  );
}

interface Span {
  readonly start: number;
  readonly length: number;
}

function forwardTile(
  net: InferenceNet,
  padded: tf.Tensor4D,
  { row, column }: { row: Span; column: Span },
): tf.Tensor4D {
  return tf.tidy(() => {
    const extent = [1, row.length + 2 * MARGIN, column.length + 2 * MARGIN, -1] as [number, number, number, number];
    return forwardInference(net, tf.slice(padded, [0, row.start, column.start, 0], extent));
  });
}

/** Splits a length in spans of at most `side`, as equal as possible. */
function spans(length: number, side: number): Span[] {
  const count = Math.ceil(length / side);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * length) / count);
    return { start, length: Math.floor(((index + 1) * length) / count) - start };
  });
}
