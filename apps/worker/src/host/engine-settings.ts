import { readFile } from 'node:fs/promises';
import type { Config } from '@singan/config';
import { AppError, toAppError } from '@singan/domain';
import type { EngineSettings } from '../protocol.ts';
import { EngineChild } from './engine-child.ts';

/**
 * What the children of a worker are started with. Weights that the operator gives are tried here, at the start: else the
 * first training would fail by them, at the end of its first scale.
 * @throws AppError `config.invalid`
 */
export async function readEngineSettings({ engine, evaluation }: Config): Promise<EngineSettings> {
  const path = evaluation.sifidWeights;
  if (path === undefined) return engine;
  try {
    const sifidWeights = await readFile(path);
    await tryWeights(sifidWeights);
    return { ...engine, sifidWeights };
  } catch (cause) {
    const { message } = toAppError(cause);
    throw new AppError('config.invalid', `SIFID_WEIGHTS: expected a file of weights, got ${path}: ${message}`, {
      cause,
    });
  }
}

/** In a child, as the host loads nothing that computes; the plainest engine is the quickest to start. */
async function tryWeights(sifidWeights: Uint8Array): Promise<void> {
  const child = new EngineChild({ choice: 'cpu', sifidWeights });
  try {
    await child.engine;
  } finally {
    await child.kill();
  }
}
