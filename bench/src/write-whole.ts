import { rename, writeFile } from 'node:fs/promises';

/** Writes a file so that it is there whole or not at all, whenever the process ends. */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, content, { flush: true });
  await rename(unfinished, file);
}
