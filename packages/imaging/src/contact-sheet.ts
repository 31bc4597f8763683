import type { Size } from '@singan/domain';
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
const TEXT_HEIGHT_PX = GLYPH_HEIGHT * LARGE_TEXT;
/** With the space below it. */
const LABEL_HEIGHT_PX = TEXT_HEIGHT_PX + 6;

/** A picture in the pixels that it is shown with, each as a square of `factor` pixels. */
interface Tile {
  readonly label: string;
  readonly image: ByteImage;
  readonly factor: number;
}

/** Where everything goes, px. */
interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly gapPx: number;
  /** Size of all cells: of the widest and of the tallest tile, so that wide pictures stand close together and beside their labels. */
  readonly cell: Size;
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
  if (images.length === 0) throw new Error('a contact sheet needs at least one picture');
  const { cellPx = DEFAULT_CELL_PX, rowLabels = [] } = options;
  const tiles = await Promise.all(images.map((image) => fitTile(image, cellPx)));
  const layout = layOut(tiles, options);
  const { columns, rows, cell, gapPx, marginPx, labelPx } = layout;
  const stepX = cell.width + gapPx;
  const stepY = labelPx + cell.height + gapPx;
  const canvas = whiteCanvas(marginPx + columns * stepX + gapPx, rows * stepY + gapPx);
  const middle = labelPx + Math.max(0, Math.floor((cell.height - TEXT_HEIGHT_PX) / 2));
  for (const [row, label] of rowLabels.entries()) {
    placeLabel(canvas, label, { x: gapPx, y: gapPx + row * stepY + middle, widthPx: marginPx - gapPx });
  }
  for (const [index, { label, image, factor }] of tiles.entries()) {
    const x = marginPx + gapPx + (index % columns) * stepX;
    const y = gapPx + Math.floor(index / columns) * stepY;
    placeLabel(canvas, label, { x, y, widthPx: cell.width });
    placeImage(canvas, image, { x, y: y + labelPx, factor });
  }
  const { data, width, height } = canvas;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

function layOut(tiles: readonly Tile[], options: ContactSheetOptions): Layout {
  const { cellPx = DEFAULT_CELL_PX, gapPx = DEFAULT_GAP_PX, rowLabels = [] } = options;
  const columns = Math.min(tiles.length, options.columns ?? Math.ceil(Math.sqrt(tiles.length)));
  const rows = Math.ceil(tiles.length / columns);
  if (rowLabels.length > 0 && rowLabels.length !== rows) {
    throw new Error(`expected a label for each of ${rows} rows, got ${rowLabels.length}`);
  }
  const widest = Math.min(cellPx, LARGE_TEXT * Math.max(0, ...rowLabels.map(textWidth)));
  const hasLabels = tiles.some(({ label }) => label !== '');
  return {
    columns,
    rows,
    gapPx,
    cell: cellSize(tiles, cellPx),
    marginPx: rowLabels.length > 0 ? widest + gapPx : 0,
    labelPx: hasLabels ? LABEL_HEIGHT_PX : 0,
  };
}

/** Wide enough for the labels of narrow pictures too. */
function cellSize(tiles: readonly Tile[], cellPx: number): Size {
  const widths = tiles.map(({ image, factor }) => image.width * factor);
  const heights = tiles.map(({ image, factor }) => image.height * factor);
  const labels = tiles.map(({ label }) => Math.min(cellPx, textWidth(label) * SMALL_TEXT));
  return { width: Math.max(...widths, ...labels), height: Math.max(...heights, TEXT_HEIGHT_PX) };
}

/** Long labels are written smaller, and cut where even that is too wide. */
function placeLabel(canvas: ByteImage, label: string, at: { x: number; y: number; widthPx: number }): void {
  const factor = textWidth(label) * LARGE_TEXT <= at.widthPx ? LARGE_TEXT : SMALL_TEXT;
  let text = label;
  while (textWidth(text) * factor > at.widthPx) text = [...text].slice(0, -1).join('');
  placeText(canvas, text, { x: at.x, y: at.y, factor });
}

async function fitTile({ label = '', image }: ContactSheetImage, cellPx: number): Promise<Tile> {
  const { data, info } = await decodeBytes(image);
  const { width, height } = info;
  const longer = Math.max(width, height);
  if (longer <= cellPx) return { label, image: { width, height, data }, factor: Math.floor(cellPx / longer) };
  const shrunk = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: cellPx, height: cellPx, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { label, image: { width: shrunk.info.width, height: shrunk.info.height, data: shrunk.data }, factor: 1 };
}
