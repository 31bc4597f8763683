import { readFile } from 'node:fs/promises';
import { decodeWeights, type InceptionWeights, loadDefaultWeights } from '@singan/evaluation';
import { UsageError } from './usage-error.ts';

/** The weights of the file that SIFID_WEIGHTS names, or those that come with the service. */
export async function readSifidWeights(file: string | undefined): Promise<InceptionWeights> {
  if (file === undefined || file === '') return loadDefaultWeights();
  const bytes = await readFile(file).catch((error: Error) => {
    throw new UsageError(`SIFID_WEIGHTS: expected a file of weights, got ${file}: ${error.message}`);
  });
  return decodeWeights(bytes);
}
