import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { type TrainingEvent, trainPyramid } from '@singan/singan';
import { z } from 'zod';
import type { ReproduceStore } from './reproduce-store.ts';

const CHECKPOINT_INTERVAL_SECONDS = 60;
const SECONDS_FILE = 'seconds.json';

/** Seconds spent on each scale so far, over all runs; of the scale in training up to its checkpoint. */
const secondsSchema = z.array(z.number().nonnegative());

export interface ReproduceTrainingOptions {
  readonly store: ReproduceStore;
  readonly image: RgbImage;
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  readonly nowSeconds: () => number;
}

export interface FinishedTraining {
  /** Scale files, coarsest first. */
  readonly scales: readonly Uint8Array[];
  /** Of each scale, over all runs that it took. */
  readonly seconds: readonly number[];
}

/** Trains what is missing in the store. @returns null when it was stopped before the end: the store has all to go on from */
export async function trainInStore(o: ReproduceTrainingOptions): Promise<FinishedTraining | null> {
  const { store, image, config, plan, signal, nowSeconds } = o;
  const scales = await store.finishedScales();
  const seconds = await readSeconds(store);
  const checkpoint = await store.checkpoint(scales.length);
  let savedAt = nowSeconds();
  const control = {
    isStopRequested: () => signal.aborted,
    isCheckpointDue: () => nowSeconds() - savedAt >= CHECKPOINT_INTERVAL_SECONDS,
  };
  const keep = async (event: Extract<TrainingEvent, { bytes: Uint8Array }>) => {
    const now = nowSeconds();
    seconds[event.scale] = (seconds[event.scale] ?? 0) + now - savedAt;
    savedAt = now;
    if (event.type === 'checkpoint') await store.writeCheckpoint(event.scale, event.bytes);
    else await store.writeScale(event.scale, event.bytes);
    await store.writeJson(SECONDS_FILE, seconds);
  };
  if (scales.length === plan.levels.length) return { scales, seconds };
  for await (const event of trainPyramid({ image, config, plan, finishedScales: scales, checkpoint, control })) {
    if (event.type === 'stopped') return null;
    if (event.type === 'scale-started' && event.iteration === 0) seconds.length = event.scale;
    if (event.type === 'checkpoint' || event.type === 'scale-finished') await keep(event);
    if (event.type !== 'scale-finished') continue;
    scales.push(event.bytes);
    o.note(
      `  scale ${event.scale + 1} of ${plan.levels.length}, ${event.width}x${event.height}: ${(seconds[event.scale] ?? 0).toFixed(0)} s`,
    );
  }
  return { scales, seconds };
}

async function readSeconds(store: ReproduceStore): Promise<number[]> {
  return secondsSchema.parse((await store.readJson(SECONDS_FILE)) ?? []);
}
