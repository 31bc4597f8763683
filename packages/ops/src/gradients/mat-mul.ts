import { matMul, registerGradient, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Product of the last two axes; leading axes may be broadcast. */
export function registerMatMulGradient(): void {
  registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b], attrs) => {
      const [left, right, cotangent] = [a as Tensor, b as Tensor, dy as Tensor];
      const { transposeA: isLeftTransposed, transposeB: isRightTransposed } = attrs as unknown as MatMulAttrs;
      return {
        a: () => {
          const da = isLeftTransposed
            ? matMul(right, cotangent, isRightTransposed, true)
            : matMul(cotangent, right, false, !isRightTransposed);
          return sumBatches(da, left.shape);
        },
        b: () => {
          const db = isRightTransposed
            ? matMul(cotangent, left, true, isLeftTransposed)
            : matMul(left, cotangent, !isLeftTransposed, false);
          return sumBatches(db, right.shape);
        },
      };
    },
  });
}

/** TF.js flattens the leading axes into one before the kernel: an input of one batch was broadcast over all. */
function sumBatches(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = shape.flatMap((size, axis) => (size === 1 && gradient.shape[axis] !== 1 ? [axis] : []));
  return axes.length === 0 ? gradient : reshape(sum(gradient, axes), [...shape]);
}
