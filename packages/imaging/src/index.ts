export type { Frames } from './animation-frames.ts';
export { canonicalize, canonicalizeWithAlpha, inspectUpload } from './canonicalize.ts';
export { type ComposeOptions, type Composition, composeObject, type Placement } from './compose-object.ts';
export { type ContactSheetImage, type ContactSheetOptions, contactSheet } from './contact-sheet.ts';
export { decodeMask } from './decode-mask.ts';
export { decodeRgb } from './decode-rgb.ts';
export { dilateMask } from './dilate-mask.ts';
export {
  ANIMATION_FORMATS,
  type AnimationFormat,
  type AnimationOptions,
  encodeAnimation,
  MAX_FPS,
} from './encode-animation.ts';
export { ENCODED_FORMATS, type EncodedFormat, type EncodeOptions, encodeImage } from './encode-image.ts';
export { type FfmpegOptions, isMp4Available } from './ffmpeg.ts';
export type { CanonicalImage, ImageFacts, SourceFacts, UploadLimits } from './image-facts.ts';
export { SNIFF_BYTES, sniffFormat, UPLOAD_FORMATS, type UploadFormat } from './image-format.ts';
export { MASK_THRESHOLD, type Mask, requireUsableMask, resizeMask } from './mask.ts';
export { DEFAULT_DECODE_BUDGET, type DecodeBudget } from './run-decode-child.ts';
export { MASK_RADIUS, type SoftMaskOptions, softMask } from './soft-mask.ts';
