import sharp from 'sharp';

/** A small picture with structure at several sizes: disks of a few colours over a shaded ground. Always the same bytes. */
export async function trainingPicture(width = 44, height = 33): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const disk = Math.hypot((x % 13) - 6, (y % 11) - 5) < 4;
      const shade = Math.round((y / height) * 120 + 20 * Math.sin(x / 5));
      const colour = disk ? [230 - shade, 90, 40 + shade] : [60 + shade, 120 + shade / 2, 160];
      colour.forEach((value, channel) => {
        pixels[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value));
      });
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
