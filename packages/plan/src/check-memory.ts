import { trainingConfigSchema } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { type PlanConfig, planPyramid } from './plan-pyramid.ts';
import { longerSide } from './scale-count.ts';
import { type MemoryFacts, peakTrainingBytes } from './training-memory.ts';

type MemoryConfig = PlanConfig & MemoryFacts;

const SMALLEST_MAX_SIZE = trainingConfigSchema.shape.maxSize.minValue ?? 1;
const MEBIBYTE = 2 ** 20;

/**
 * Refuses a training that would need more memory than a worker may take.
 *
 * @throws AppError `plan.too_much_memory` naming need, limit and the largest `maxSize` that fits; and what `planPyramid` throws
 */
export function checkMemory(source: Size, config: MemoryConfig, memoryLimitBytes: number): void {
  const neededBytes = peakTrainingBytes(planPyramid(source, config), config);
  if (neededBytes <= memoryLimitBytes) return;
  const maxSize = largestFittingMaxSize(source, config, memoryLimitBytes);
  const remedy =
    maxSize === null
      ? `no maxSize fits with minSize ${config.minSize}; lower minSize, baseChannels or maxChannels`
      : `the largest maxSize that fits is ${maxSize}`;
  throw new AppError(
    'plan.too_much_memory',
    `The training would take about ${mebibytes(neededBytes)} MiB, the limit is ${mebibytes(memoryLimitBytes)} MiB: ${remedy}.`,
    { context: { neededBytes, memoryLimitBytes, maxSize } },
  );
}

/** By bisection: the need grows with maxSize. A size too small to be planned counts as fitting, and is ruled out at the end. */
function largestFittingMaxSize(source: Size, config: MemoryConfig, limitBytes: number): number | null {
  const needAt = (maxSize: number): number | null => neededBytes(source, { ...config, maxSize });
  let fits = SMALLEST_MAX_SIZE - 1;
  let tooLarge = Math.min(config.maxSize, longerSide(source));
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if ((needAt(middle) ?? 0) <= limitBytes) fits = middle;
    else tooLarge = middle;
  }
  return fits >= SMALLEST_MAX_SIZE && needAt(fits) !== null ? fits : null;
}

/** Null when no pyramid can be made of the picture. */
function neededBytes(source: Size, config: MemoryConfig): number | null {
  try {
    return peakTrainingBytes(planPyramid(source, config), config);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / MEBIBYTE);
}
