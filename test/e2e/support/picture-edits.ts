import sharp from 'sharp';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of one colour. */
export function plainPicture(o: { width: number; height: number; colour: string }): Promise<Buffer> {
  const { width, height, colour: background } = o;
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** The picture with a box of one colour painted over it. */
export async function withBox(picture: Buffer, { left, top, width, height }: Box, colour: string): Promise<Buffer> {
  const input = await plainPicture({ width, height, colour });
  return sharp(picture).composite([{ input, left, top }]).png().toBuffer();
}

/** A mask of a box: white in black. */
export async function boxMask(size: { width: number; height: number }, box: Box): Promise<Buffer> {
  return withBox(await plainPicture({ ...size, colour: 'black' }), box, 'white');
}

export function rgbOf(picture: Buffer): Promise<Buffer> {
  return sharp(picture).removeAlpha().raw().toBuffer();
}
