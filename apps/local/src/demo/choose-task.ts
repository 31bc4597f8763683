import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assertNever, toAppError } from '@singan/domain';
import { encodeImage } from '@singan/imaging';
import { invalid } from '../arguments.ts';
import type { DemoOptions } from '../demo-arguments.ts';
import { type ChangedPicture, drawComposite } from '../example/composite.ts';
import { drawEdit } from '../example/edit.ts';
import { drawPainting } from '../example/painting.ts';
import { drawExample, EXAMPLE_SIZE, examplePicture } from '../example-picture.ts';
import type { DemoTask, SentPicture } from './demo-task.ts';

const SAMPLES = 6;
const FRAMES = 40;
/** The bundled picture is trained on at a half, so that there is a truth to compare with. */
const FACTOR = 2;

/** @throws AppError `config.invalid` for a file that is missing or cannot be read */
export async function chooseTask(options: DemoOptions): Promise<DemoTask> {
  const shared = { image: await trainingPicture(options), name: nameOf(options), config: {}, pictures: [] };
  switch (options.task) {
    case 'sample': {
      const doing = `Drawing ${SAMPLES} samples`;
      return { ...shared, resource: 'samples', request: { count: SAMPLES }, kinds: ['sample'], doing };
    }
    case 'paint': {
      const painting = await paintingOf(options);
      const doing = 'Painting';
      return { ...shared, resource: 'paintings', request: {}, pictures: [painting], kinds: ['painting'], doing };
    }
    case 'harmonize': {
      const pictures = await changedPictures(options, () => drawComposite(EXAMPLE_SIZE));
      const kinds = ['harmonization', 'harmonization-unmasked'];
      return { ...shared, resource: 'harmonizations', request: {}, pictures, kinds, doing: 'Harmonising' };
    }
    case 'edit': {
      const pictures = await changedPictures(options, () => drawEdit(drawExample()));
      const kinds = ['edit', 'edit-unmasked'];
      return { ...shared, resource: 'edits', request: {}, pictures, kinds, doing: 'Editing' };
    }
    case 'animate': {
      const config = { purpose: 'animation' } as const;
      // From scale 0 the balloons move; from the next one on little more than their surface does.
      const request = { frames: FRAMES, loop: true, startScale: 0 };
      const doing = `Drawing ${FRAMES} frames`;
      return { ...shared, config, resource: 'animations', request, kinds: ['animation'], doing };
    }
    case 'super-resolve': {
      const config = { purpose: 'super-resolution', superResolutionFactor: FACTOR } as const;
      const pictures = await groundTruth(options);
      const task = { resource: 'super-resolutions', request: { factor: FACTOR }, kinds: ['super-resolution'] };
      return { ...shared, ...task, config, pictures, doing: `Enlarging by ${FACTOR}` };
    }
    default:
      return assertNever(options.task);
  }
}

function nameOf({ image }: DemoOptions): string {
  return image === null ? 'example' : path.basename(image);
}

async function trainingPicture({ image, task }: DemoOptions): Promise<Uint8Array> {
  if (image !== null) return readPicture('image', image);
  const { width, height } = EXAMPLE_SIZE;
  const isHalf = task === 'super-resolve';
  return isHalf ? examplePicture({ width: width / FACTOR, height: height / FACTOR }) : examplePicture();
}

/** The caller's own, or the bundled one, which goes with the bundled picture only. */
async function paintingOf(options: DemoOptions): Promise<SentPicture> {
  const { input } = options;
  if (input === null) requireBundled(options);
  const bytes = input === null ? await encodeImage(drawPainting(EXAMPLE_SIZE), 'png') : readPicture('input', input);
  return { part: 'image', label: 'input', bytes };
}

/** A picture and its mask: the caller's own, or the bundled ones. */
async function changedPictures(options: DemoOptions, drawChanged: () => ChangedPicture): Promise<SentPicture[]> {
  const { input, mask } = options;
  const pair = (image: Uint8Array, marks: Uint8Array): SentPicture[] => [
    { part: 'image', label: 'input', bytes: image },
    { part: 'mask', label: 'input mask', bytes: marks },
  ];
  if (input !== null && mask !== null) return pair(readPicture('input', input), readPicture('mask', mask));
  if (input !== null) throw invalid('--mask: expected a file beside --input.');
  requireBundled(options);
  const drawn = drawChanged();
  return pair(await encodeImage(drawn.image, 'png'), await encodeImage(drawn.mask, 'png'));
}

function requireBundled({ image, task }: DemoOptions): void {
  if (image === null) return;
  throw invalid(`--input: expected a file for task ${task}: the bundled one goes with the bundled picture.`);
}

async function groundTruth({ image, input }: DemoOptions): Promise<SentPicture[]> {
  const truth = { part: 'groundTruth', label: 'truth' } as const;
  if (input !== null) return [{ ...truth, bytes: readPicture('input', input) }];
  return image === null ? [{ ...truth, bytes: await examplePicture() }] : [];
}

function readPicture(flag: string, file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw invalid(`--${flag}: ${toAppError(error).message}.`);
  }
}
