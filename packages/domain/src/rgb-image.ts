/**
 * A picture in the convention of the method: float32 in [-1, 1], layout HWC (row-major, channels last), always three channels.
 * `data.length === height * width * 3`.
 */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
