import type { UploadFormat } from './image-format.ts';

/** What an upload may be at most; everything here is checked before a pixel is decoded. */
export interface UploadLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
  readonly maxSidePx: number;
  /** Most frames or pages; only the first one is used. No limit when absent. */
  readonly maxPages?: number;
}

/** The file as it was sent: sizes as stored, before its orientation is applied. */
export interface SourceFacts {
  readonly format: UploadFormat;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** EXIF orientation, 1 (upright) to 8. */
  readonly orientation: number;
  readonly alpha: boolean;
  /** Bits of a sample as decoded: 8, 16 or 32. */
  readonly bitDepth: number;
  /** As libvips names it: srgb, b-w, rgb16, grey16, cmyk, lab ... */
  readonly colourSpace: string;
}

/** What the header of an upload says. */
export interface ImageFacts {
  readonly source: SourceFacts;
  /** Size once upright. */
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  /** True when the file stores gray samples. Colour files whose pixels happen to be gray are not. */
  readonly gray: boolean;
}

/**
 * The upload as everything after it sees it: upright, sRGB, 8 bit, no metadata; three channels with alpha composited over white,
 * or four where alpha was asked for.
 */
export interface CanonicalImage {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
  readonly source: SourceFacts;
  readonly gray: boolean;
  /** True when a pixel lets through what is behind it; a file can have alpha and be opaque. */
  readonly transparent: boolean;
}
