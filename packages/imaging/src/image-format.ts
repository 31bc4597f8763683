/** The formats that may be uploaded. SVG is none of them, ever: it is a program. */
export const UPLOAD_FORMATS = ['png', 'jpeg', 'webp', 'tiff', 'avif', 'gif'] as const;
export type UploadFormat = (typeof UPLOAD_FORMATS)[number];

/** Bytes of a file's head that `sniffFormat` needs at most. */
export const SNIFF_BYTES = 64;

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const TIFF_LITTLE_ENDIAN = [0x49, 0x49, 0x2a, 0x00];
const TIFF_BIG_ENDIAN = [0x4d, 0x4d, 0x00, 0x2a];

/** Format of a file by its first bytes; its name and declared type are never asked. Null when it is not on the allow-list. */
export function sniffFormat(head: Uint8Array): UploadFormat | null {
  if (startsWith(head, PNG)) return 'png';
  if (startsWith(head, JPEG)) return 'jpeg';
  if (startsWith(head, TIFF_LITTLE_ENDIAN) || startsWith(head, TIFF_BIG_ENDIAN)) return 'tiff';
  const text = Buffer.from(head).toString('latin1');
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  return isAvif(head, text) ? 'avif' : null;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

/** ISO base media file: a box `ftyp` whose major brand (at 8) or one of its compatible brands (from 16, four bytes each) is an AVIF one. */
function isAvif(head: Uint8Array, text: string): boolean {
  if (head.length < 16 || text.slice(4, 8) !== 'ftyp') return false;
  const boxEnd = Math.min(head.length, new DataView(head.buffer, head.byteOffset).getUint32(0));
  for (let at = 8; at + 4 <= boxEnd; at += 4) {
    if (at !== 12 && ['avif', 'avis'].includes(text.slice(at, at + 4))) return true;
  }
  return false;
}
