import type { CreateBlend, ObjectPlacement } from '@singan/contracts';
import { AppError, type RgbImage, type Size } from '@singan/domain';
import { composeObject } from '@singan/imaging';
import type { UploadRouteOptions } from '../../dependencies.ts';
import type { JobPicture } from '../../http/accept-job.ts';
import { missingFile, type Upload, type UploadedFile } from '../../http/read-upload.ts';
import { conversions, maskPicture, readImage, readMask, readWithAlpha } from './input-pictures.ts';

export type BlendFile = 'image' | 'mask' | 'object';

/** What a form for a harmonization or an edit comes to: a whole picture with its mask, or an object and its place. */
export type BlendSource =
  | { readonly image: UploadedFile; readonly mask: UploadedFile }
  | { readonly object: UploadedFile; readonly placement: ObjectPlacement };

export interface BlendPictures {
  readonly pictures: readonly JobPicture[];
  readonly adjustments: readonly string[];
}

/** What the pictures of a job are fitted to. */
interface WorkingModel {
  readonly working: Size;
  readonly gray: boolean;
}

const EITHER =
  'Send the changed picture and its mask, with curl: -F image=@composite.png -F mask=@mask.png, ' +
  'or an object and its place: -F object=@object.png -F \'placement={"x":10,"y":20}\'.';

/** @throws AppError `image.missing`, `mask.missing`, `request.field_invalid` */
export function requireBlendSource({ files, fields }: Upload<BlendFile>, { placement }: CreateBlend): BlendSource {
  const { image, mask, object } = files;
  if (object === undefined) {
    if (image === undefined) throw missingFile('image', `The picture is missing. ${EITHER}`);
    if (mask === undefined) throw missingFile('mask', `The mask is missing: white marks what was changed. ${EITHER}`);
    if (placement !== undefined) throw contradiction('placement', 'placement goes with an object, got none.');
    return { image, mask };
  }
  const extra = (['image', 'mask'] as const).find((name) => files[name] !== undefined);
  if (extra !== undefined) {
    throw contradiction(extra, `Got an object and ${extra}: the service lays the object on the training image itself.`);
  }
  if (placement !== undefined) return { object, placement };
  const got = Object.keys(fields).length === 0 ? 'no fields' : `only ${Object.keys(fields).join(', ')}`;
  throw contradiction('placement', `placement must go with the object, got ${got}.`);
}

/**
 * The pictures that the job needs, checked and at hand. Of an object only its mask is made here: the worker lays it on the
 * working image, which the method's own resize makes.
 *
 * @throws AppError `mask.empty`, `mask.full`, `object.outside`, `image.*`, `request.too_large`
 */
export async function readBlendPictures(
  dependencies: UploadRouteOptions,
  source: BlendSource,
  model: WorkingModel,
): Promise<BlendPictures> {
  const size = model.working;
  if ('object' in source) return readObject(dependencies, source, model);
  const mask = await readMask(dependencies, source.mask, size);
  const image = await readImage(dependencies, { file: source.image, name: 'image', kind: 'input-image', size, model });
  return { pictures: [image.picture, mask.picture], adjustments: [...image.adjustments, ...mask.adjustments] };
}

async function readObject(
  dependencies: UploadRouteOptions,
  { object, placement }: { object: UploadedFile; placement: ObjectPlacement },
  model: WorkingModel,
): Promise<BlendPictures> {
  const size = model.working;
  const { canonical, mask } = await dependencies.decodeInTurn(async () => {
    const canonical = await readWithAlpha(dependencies, object, 'object');
    return { canonical, ...(await composeObject({ background: blank(size), object: canonical.png, placement })) };
  });
  requireVisible(mask.data, size);
  const { png, width, height } = canonical;
  const picture: JobPicture = { kind: 'input-object', png, width, height };
  // Its alpha is kept.
  const adjustments = conversions('object', { ...canonical, transparent: false }, model);
  return { pictures: [picture, await maskPicture(mask)], adjustments };
}

/** What an object covers does not depend on what is below it. */
function blank({ width, height }: Size): RgbImage {
  return { width, height, data: new Float32Array(width * height * 3) };
}

function requireVisible(mask: Uint8Array, { width, height }: Size): void {
  if (!mask.includes(1)) {
    throw new AppError(
      'mask.empty',
      `The object covers no pixel of the ${width}x${height} working image by half: what lies on it is transparent. Move or enlarge the object, or check its alpha channel.`,
    );
  }
  if (mask.includes(0)) return;
  throw new AppError(
    'mask.full',
    `The object covers all of the ${width}x${height} working image. Leave some of it: make the object smaller, or its surroundings transparent.`,
  );
}

function contradiction(field: string, detail: string): AppError {
  return new AppError('request.field_invalid', `${detail} ${EITHER}`, {
    errors: [{ pointer: `/${field}`, detail }],
  });
}
