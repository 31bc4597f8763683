import type { SampleFormat } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { encodeImage } from '@singan/imaging';
import type { EncodedPicture } from '../protocol.ts';

/** @param gray the model is one of a gray picture: it must not answer with a tint */
export async function encodePicture(
  image: RgbImage,
  { format, gray }: { format: SampleFormat; gray: boolean },
): Promise<EncodedPicture> {
  const bytes = await encodeImage(image, format, { gray });
  return { bytes, contentType: `image/${format}`, width: image.width, height: image.height };
}
