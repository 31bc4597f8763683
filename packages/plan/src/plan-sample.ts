import type { PyramidPlan } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { roundSnapped } from './snap.ts';

/** What a caller may ask of a sample: the finest size, or multiples of the trained one; each side for itself. */
export interface SampleRequest {
  readonly startScale?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly scaleX?: number | undefined;
  readonly scaleY?: number | undefined;
}

export interface SampleLimits {
  /** Most pixels of the finished picture. */
  readonly maxPixels: number;
}

/**
 * Sizes of every scale of a sample, coarsest first: the plan's, each side stretched by one ratio and rounded.
 *
 * @throws AppError `sample.start_scale`, `sample.too_large`, or `request.field_invalid` when a side is given twice
 */
export function planSample(plan: PyramidPlan, request: SampleRequest, limits: SampleLimits): Size[] {
  requireStartScale(plan, request.startScale ?? 0);
  refuseTwice(request, 'width', 'scaleX');
  refuseTwice(request, 'height', 'scaleY');
  const finest = finestSize(plan);
  const stretchX = stretch(request.width, request.scaleX, finest.width);
  const stretchY = stretch(request.height, request.scaleY, finest.height);
  const sizes = plan.levels.map((level) => ({
    width: Math.max(1, roundSnapped(level.width * stretchX)),
    height: Math.max(1, roundSnapped(level.height * stretchY)),
  }));
  requirePixels(sizes.at(-1) ?? finest, limits);
  return sizes;
}

function stretch(side: number | undefined, factor: number | undefined, trained: number): number {
  return side === undefined ? (factor ?? 1) : side / trained;
}

function finestSize(plan: PyramidPlan): Size {
  const finest = plan.levels.at(-1);
  if (finest === undefined) throw new AppError('plan.invalid', 'The plan has no scales; expected at least two.');
  return finest;
}

function requireStartScale(plan: PyramidPlan, startScale: number): void {
  const last = plan.levels.length - 1;
  if (Number.isInteger(startScale) && startScale >= 0 && startScale <= last) return;
  throw new AppError(
    'sample.start_scale',
    `startScale must be an integer from 0 (coarsest) to ${last} (finest of the model's ${last + 1} scales), got ${startScale}.`,
    { errors: [{ pointer: '/startScale', detail: `expected 0 to ${last}, got ${startScale}` }] },
  );
}

function refuseTwice(request: SampleRequest, side: 'width' | 'height', factor: 'scaleX' | 'scaleY'): void {
  if (request[side] === undefined || request[factor] === undefined) return;
  const detail = `give ${side} or ${factor}, not both`;
  throw new AppError('request.field_invalid', `The size of the sample is given twice: ${detail}.`, {
    errors: [{ pointer: `/${factor}`, detail }],
  });
}

function requirePixels(size: Size, limits: SampleLimits): void {
  const pixels = size.width * size.height;
  if (pixels <= limits.maxPixels) return;
  const largest = largestOfShape(size, limits.maxPixels);
  throw new AppError(
    'sample.too_large',
    `A sample may have at most ${limits.maxPixels} pixels, got ${size.width}x${size.height} = ${pixels}: the largest of this shape is ${largest.width}x${largest.height}.`,
  );
}

function largestOfShape(size: Size, maxPixels: number): Size {
  const factor = Math.sqrt(maxPixels / (size.width * size.height));
  const width = Math.max(1, Math.min(maxPixels, Math.floor(size.width * factor)));
  return { width, height: Math.max(1, Math.min(Math.floor(maxPixels / width), Math.floor(size.height * factor))) };
}
