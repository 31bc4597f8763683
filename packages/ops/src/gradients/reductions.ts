import { backend_util, div, mul, ones, registerGradient, reshape, type Tensor, util } from '@tensorflow/tfjs-core';

/** Spreads the cotangent of a reduction over the axes that were reduced. */
function spread(dy: Tensor, x: Tensor, axis: number | number[]): Tensor {
  const axes = util.parseAxisParam(axis, x.shape);
  const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  return mul(reshape(dy, backend_util.expandShapeToKeepDim(kept, axes)), ones(x.shape));
}

const axisOf = (attrs: object): number[] => (attrs as { axis: number[] }).axis;

export function registerReductionGradients(): void {
  registerGradient({
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({ x: () => spread(dy as Tensor, x as Tensor, axisOf(attrs)) }),
  });
  registerGradient({
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const input = x as Tensor;
      return { x: () => div(spread(dy as Tensor, input, axisOf(attrs)), input.size / (dy as Tensor).size) };
    },
  });
}
