import sharp from 'sharp';
import { GLYPH_HEIGHT, textWidth } from './bitmap-font.ts';
import { type ByteImage, placeImage, placeText, whiteCanvas } from './canvas.ts';
import { decodeBytes } from './decode-rgb.ts';

export interface ContactSheetImage {
  /** Above the picture. */
  readonly label?: string;
  /** A picture file of this service. */
  readonly image: Uint8Array;
}

export interface ContactSheetOptions {
  /** Pictures in a row; by default as square a sheet as can be. */
  readonly columns?: number;
  /** One for each row, left of it: "start scale 3" in a sweep. Goes with `columns`. */
  readonly rowLabels?: readonly string[];
  /** Side of the square that each picture is fitted into, px. */
  readonly cellPx?: number;
  readonly gapPx?: number;
}

const DEFAULT_CELL_PX = 192;
const DEFAULT_GAP_PX = 8;
const LARGE_TEXT = 2;
const SMALL_TEXT = 1;
const LABEL_HEIGHT_PX = GLYPH_HEIGHT * LARGE_TEXT + 6;

/** Where everything goes, px. */
interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly cellPx: number;
  readonly gapPx: number;
  /** Space for the labels of the rows, with its gap; 0 without any. */
  readonly marginPx: number;
  /** Space for the labels of the pictures; 0 without any. */
  readonly labelPx: number;
}

/**
 * A PNG with all pictures in a grid on white, each below its label, each row beside its own. Small pictures are enlarged by a whole
 * factor, nearest neighbour, so that every trained pixel can be seen; larger ones are shrunk to the cell.
 */
export async function contactSheet(
  images: readonly ContactSheetImage[],
  options: ContactSheetOptions = {},
): Promise<Buffer> {
  const layout = layOut(images, options);
  const { columns, rows, cellPx, gapPx, marginPx, labelPx } = layout;
  const stepX = cellPx + gapPx;
  const stepY = labelPx + cellPx + gapPx;
  const canvas = whiteCanvas(marginPx + columns * stepX + gapPx, rows * stepY + gapPx);
  for (const [row, label] of (options.rowLabels ?? []).entries()) {
    const middle = labelPx + Math.floor((cellPx - LABEL_HEIGHT_PX) / 2);
    placeLabel(canvas, label, { x: gapPx, y: gapPx + row * stepY + Math.max(0, middle), widthPx: marginPx - gapPx });
  }
  for (const [index, { label = '', image }] of images.entries()) {
    const x = marginPx + gapPx + (index % columns) * stepX;
    const y = gapPx + Math.floor(index / columns) * stepY;
    placeLabel(canvas, label, { x, y, widthPx: cellPx });
    const fitted = await fitImage(image, cellPx);
    placeImage(canvas, fitted, { x, y: y + labelPx, factor: enlargement(fitted, cellPx) });
  }
  const { data, width, height } = canvas;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

function layOut(images: readonly ContactSheetImage[], options: ContactSheetOptions): Layout {
  if (images.length === 0) throw new Error('a contact sheet needs at least one picture');
  const { cellPx = DEFAULT_CELL_PX, gapPx = DEFAULT_GAP_PX, rowLabels = [] } = options;
  const columns = Math.min(images.length, options.columns ?? Math.ceil(Math.sqrt(images.length)));
  const rows = Math.ceil(images.length / columns);
  if (rowLabels.length > 0 && rowLabels.length !== rows) {
    throw new Error(`expected a label for each of ${rows} rows, got ${rowLabels.length}`);
  }
  const widest = Math.min(cellPx, LARGE_TEXT * Math.max(0, ...rowLabels.map(textWidth)));
  const hasLabels = images.some(({ label = '' }) => label !== '');
  return {
    columns,
    rows,
    cellPx,
    gapPx,
    marginPx: rowLabels.length > 0 ? widest + gapPx : 0,
    labelPx: hasLabels ? LABEL_HEIGHT_PX : 0,
  };
}

/** Long labels are written smaller, and cut where even that is too wide. */
function placeLabel(canvas: ByteImage, label: string, at: { x: number; y: number; widthPx: number }): void {
  const factor = textWidth(label) * LARGE_TEXT <= at.widthPx ? LARGE_TEXT : SMALL_TEXT;
  let text = label;
  while (textWidth(text) * factor > at.widthPx) text = [...text].slice(0, -1).join('');
  placeText(canvas, text, { x: at.x, y: at.y, factor });
}

async function fitImage(image: Uint8Array, cellPx: number): Promise<ByteImage> {
  const { data, info } = await decodeBytes(image);
  if (Math.max(info.width, info.height) <= cellPx) return { width: info.width, height: info.height, data };
  const shrunk = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .resize({ width: cellPx, height: cellPx, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: shrunk.info.width, height: shrunk.info.height, data: shrunk.data };
}

function enlargement(image: ByteImage, cellPx: number): number {
  return Math.max(1, Math.floor(cellPx / Math.max(image.width, image.height)));
}
