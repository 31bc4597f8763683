/** A square matrix in double precision, row by row. */
export interface Matrix {
  readonly size: number;
  readonly values: Float64Array;
}

/** Small eigenvalues grow by 9/4 a step until they are near 1: enough for a condition of 10^6, and then to the last digits. */
const STEPS = 24;

/**
 * Square root of a symmetric positive definite matrix and its inverse, by the coupled iteration of Newton and Schulz (Higham,
 * Functions of Matrices, 2008, section 6.7), of products alone:
 *
 *   T = (3 I - Z Y) / 2,   Y <- Y T,   Z <- T Z,   from Y = A / |A|, Z = I:   Y -> (A / |A|)^(1/2),   Z -> (A / |A|)^(-1/2)
 *
 * @param a of a condition up to 10^6
 */
export function squareRoots(a: Matrix): { root: Matrix; inverse: Matrix } {
  const norm = Math.hypot(...a.values);
  let y = scaled(a, 1 / norm);
  let z = identity(a.size);
  for (let step = 0; step < STEPS; step++) {
    const t = scaled(product(z, y), -0.5);
    for (let i = 0; i < t.size; i++) t.values[i * t.size + i] = (t.values[i * t.size + i] as number) + 1.5;
    [y, z] = [product(y, t), product(t, z)];
  }
  return { root: scaled(y, Math.sqrt(norm)), inverse: scaled(z, 1 / Math.sqrt(norm)) };
}

export function product(a: Matrix, b: Matrix): Matrix {
  const { size } = a;
  const values = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a.values[row * size + inner] as number;
      for (let column = 0; column < size; column++) {
        const at = row * size + column;
        values[at] = (values[at] as number) + factor * (b.values[inner * size + column] as number);
      }
    }
  }
  return { size, values };
}

export function traceOf({ size, values }: Matrix): number {
  return Array.from({ length: size }, (_, i) => values[i * size + i] as number).reduce((sum, value) => sum + value, 0);
}

export function scaled({ size, values }: Matrix, factor: number): Matrix {
  return { size, values: values.map((value) => value * factor) };
}

function identity(size: number): Matrix {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return { size, values };
}
