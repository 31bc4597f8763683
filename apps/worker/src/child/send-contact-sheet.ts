import type { Size } from '@singan/domain';
import { type ContactSheetOptions, contactSheet } from '@singan/imaging';
import type { EncodedPicture } from '../protocol.ts';
import type { TaskHost } from './host-channel.ts';

/** Of the cell that a picture is fitted into, px. */
const MAX_CELL_PX = 192;

export interface SheetPicture {
  readonly label?: string;
  readonly picture: EncodedPicture;
}

/** @param pictures one or more, of one size */
export async function sendContactSheet(
  host: TaskHost,
  pictures: readonly SheetPicture[],
  options: Omit<ContactSheetOptions, 'cellPx'> = {},
): Promise<void> {
  const images = pictures.map(({ label = '', picture }) => ({ label, image: picture.bytes }));
  const bytes = await contactSheet(images, { ...options, cellPx: cellOf(pictures) });
  const picture = { bytes, contentType: 'image/png', ...pngSize(bytes) };
  await host.tell({ type: 'output', kind: 'contact-sheet', picture });
}

/** The sheet of a sweep: a row for each start scale. */
export async function sendSweepSheet(
  host: TaskHost,
  pictures: readonly SheetPicture[],
  startScales: readonly number[],
): Promise<void> {
  const rowLabels = startScales.map((scale) => `start scale ${scale}`);
  await sendContactSheet(host, pictures, { columns: pictures.length / startScales.length, rowLabels });
}

/** As large as a whole enlargement of the pictures, so that they stand close together. */
function cellOf(pictures: readonly SheetPicture[]): number {
  const side = Math.max(...pictures.map(({ picture }) => Math.max(picture.width, picture.height)));
  return side >= MAX_CELL_PX ? MAX_CELL_PX : side * Math.floor(MAX_CELL_PX / side);
}

/** A PNG begins with its signature (8 bytes) and the header chunk: length, name, width, height. */
function pngSize(png: Buffer): Size {
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
