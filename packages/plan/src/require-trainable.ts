import { trainingConfigSchema } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { longerSide, type PyramidConfig, shorterSide } from './scale-count.ts';
import { workingSize } from './working-size.ts';

/** Longest side over shortest side that can be trained: beyond it the coarsest scale is a strip that shows no layout. */
export const MAX_ASPECT_RATIO = 16;

const SMALLEST_MIN_SIZE = trainingConfigSchema.shape.minSize.minValue ?? 1;
const LARGEST_MAX_SIZE = trainingConfigSchema.shape.maxSize.maxValue ?? Number.POSITIVE_INFINITY;

/**
 * Refuses a picture of which no pyramid can be made.
 *
 * @throws AppError `image.aspect_ratio` or `image.too_small`
 */
export function requireTrainable(source: Size, config: PyramidConfig): void {
  requireAspectRatio(source);
  requireMinSize(source, config);
}

function requireAspectRatio(source: Size): void {
  const ratio = longerSide(source) / shorterSide(source);
  if (ratio <= MAX_ASPECT_RATIO) return;
  throw new AppError(
    'image.aspect_ratio',
    `The longer side may be at most ${MAX_ASPECT_RATIO} times the shorter one, got ${source.width}x${source.height} px (${ratio.toFixed(1)} times): ` +
      `crop the longer side to at most ${shorterSide(source) * MAX_ASPECT_RATIO} px.`,
  );
}

function requireMinSize(source: Size, config: PyramidConfig): void {
  const { minSize, maxSize } = config;
  const working = workingSize(source, config);
  if (shorterSide(working) >= minSize) return;
  const isShrunk = working.width !== source.width || working.height !== source.height;
  const got = isShrunk
    ? `${source.width}x${source.height} px, which maxSize ${maxSize} shrinks to ${working.width}x${working.height} px`
    : `${source.width}x${source.height} px`;
  throw new AppError(
    'image.too_small',
    `The shorter side must be at least minSize = ${minSize} px, got ${got}: ${remedies(source, working, config).join(' or ')}.`,
  );
}

function remedies(source: Size, working: Size, config: PyramidConfig): string[] {
  const options: string[] = [];
  const neededMaxSize = Math.ceil((config.minSize * longerSide(source)) / shorterSide(source));
  if (shorterSide(source) < config.minSize) {
    options.push(`send a picture of at least ${config.minSize} px on its shorter side`);
  } else if (neededMaxSize <= LARGEST_MAX_SIZE) {
    options.push(`set maxSize to ${neededMaxSize} or more`);
  }
  if (shorterSide(working) >= SMALLEST_MIN_SIZE) options.push(`set minSize to ${shorterSide(working)} or less`);
  return options.length > 0 ? options : ['crop the longer side'];
}
