import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import type { RgbImage, Size } from '@singan/domain';
import { trainPyramid } from './train-pyramid.ts';
import type { TrainPyramidOptions } from './train-pyramid-options.ts';
import type { ScaleFinishedEvent, TrainingControl, TrainingEvent } from './training-event.ts';

/** A training so small that tests can afford dozens: two scales of 4 channels and one of 5, so that weights are copied and drawn anew. */
export const TINY_PLAN: PyramidPlan = {
  scaleFactor: 1.2,
  levels: [
    { width: 13, height: 11, channels: 4, iterations: 3 },
    { width: 15, height: 13, channels: 4, iterations: 2 },
    { width: 17, height: 15, channels: 5, iterations: 2 },
  ],
};

export const TINY_CONFIG: TrainingConfig = {
  preset: 'quick',
  purpose: 'general',
  scheme: 'sequential',
  maxSize: 32,
  minSize: 16,
  pyramid: { rule: 'paper' },
  iterations: 3,
  finestIterations: 2,
  discriminatorSteps: 2,
  generatorSteps: 1,
  baseChannels: 4,
  maxChannels: 8,
  learningRate: 5e-4,
  padding: 'zero',
  normalization: 'batch',
  activation: 'leakyRelu',
  loss: 'wgan-gp',
  reconstructionNoise: 'fixed',
  reconstructionWeight: 10,
  gradientPenaltyWeight: 0.1,
  noiseAmplitudeFactor: 0.1,
  seed: 7,
};

/** A smooth picture with an edge in it. */
export function testImage({ width, height }: Size): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const channel = i % 3;
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    data[i] = 0.6 * Math.sin(x / 3 + channel) * Math.cos(y / 4) + (x > y ? 0.3 : -0.3);
  }
  return { width, height, data };
}

export const NEVER_STOP: TrainingControl = { isStopRequested: () => false, isCheckpointDue: () => false };

/** Asks to stop after so many iterations; makes a checkpoint after each when asked to. */
export function stopAfter(iterations: number): TrainingControl {
  let done = 0;
  return {
    isStopRequested: () => {
      done += 1;
      return done >= iterations;
    },
    isCheckpointDue: () => false,
  };
}

export function tinyOptions(o: Partial<TrainPyramidOptions> = {}): TrainPyramidOptions {
  return {
    image: testImage({ width: 17, height: 15 }),
    config: TINY_CONFIG,
    plan: TINY_PLAN,
    finishedScales: [],
    checkpoint: null,
    control: NEVER_STOP,
    ...o,
  };
}

export async function collect(options: TrainPyramidOptions): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of trainPyramid(options)) events.push(event);
  return events;
}

export function finishedScales(events: readonly TrainingEvent[]): ScaleFinishedEvent[] {
  return events.filter((event) => event.type === 'scale-finished');
}

/** Scale files among the events of a training. */
export function scaleFiles(events: readonly TrainingEvent[]): Uint8Array[] {
  return finishedScales(events).map(({ bytes }) => bytes);
}

/** Scale files of a training, as texts that are easy to compare. */
export async function bytesOf(options: TrainPyramidOptions): Promise<string[]> {
  return scaleFiles(await collect(options)).map(toText);
}

/** The same of a training in as many runs as it takes, each stopped after the next of the given numbers of iterations. */
export async function trainInRuns(options: TrainPyramidOptions, runs: readonly number[]): Promise<string[]> {
  const finished: Uint8Array[] = [];
  let checkpoint: Uint8Array | null = null;
  for (const iterations of [...runs, Number.POSITIVE_INFINITY]) {
    const control = stopAfter(iterations);
    const events: TrainingEvent[] = await collect({ ...options, finishedScales: finished, checkpoint, control });
    finished.push(...scaleFiles(events));
    const last = events.filter(({ type }) => type === 'checkpoint' || type === 'scale-finished').at(-1);
    checkpoint = last?.type === 'checkpoint' ? last.bytes : last ? null : checkpoint;
  }
  return finished.map(toText);
}

/** Bytes as a text that is easy to compare. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
