import { AppError } from '@singan/domain';
import { identityOf } from '../fingerprint.ts';
import type { TrainPyramidOptions } from '../train-pyramid-options.ts';
import type { TrainingEvent } from '../training-event.ts';
import { readStageFile } from './read-stage-file.ts';
import type { StageState } from './stage-state.ts';
import { trainStage } from './train-stage.ts';

/**
 * Trains what is missing of a growing generator (ConSinGAN: Hinz, Fisher, Wang, Wermter, WACV 2021, arXiv 2003.11512). Events, files,
 * resuming and determinism as in `trainPyramid`, with stages for scales; each file holds the whole generator so far.
 * @throws AppError `training.diverged`; `checkpoint.invalid` when a file is damaged or of another training
 */
export async function* trainConcurrent(o: TrainPyramidOptions): AsyncGenerator<TrainingEvent, void> {
  const { config, plan, finishedScales } = o;
  const identity = identityOf(o);
  const files = { config, plan, identity };
  const states = finishedScales.map((bytes, stage) => readStageFile(bytes, { ...files, kind: 'scale', stage }));
  let before: StageState | null = states.at(-1) ?? null;
  let bytes = o.checkpoint;
  for (let stage = states.length; stage < plan.levels.length; stage++) {
    const checkpoint: StageState | null = bytes && readStageFile(bytes, { ...files, kind: 'checkpoint', stage });
    requireSameAmplitudes(checkpoint, before);
    before = yield* trainStage({ ...o, scale: stage, identity, before, checkpoint });
    if (!before) return;
    bytes = null;
  }
}

/** A checkpoint holds the sigmas of the stages before it too: they are those of the files. */
function requireSameAmplitudes(checkpoint: StageState | null, before: StageState | null): void {
  const expected = before?.noiseAmplitudes.join(' ') ?? '';
  const got = checkpoint?.noiseAmplitudes.slice(0, -1).join(' ');
  if (got === undefined || got === expected) return;
  throw new AppError(
    'checkpoint.invalid',
    `checkpoint file: expected noiseAmplitudes ${expected} before it, got ${got}`,
  );
}
