import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { implementStock } from './kernel.ts';

interface ReductionAttrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

export function implementReductions(): void {
  implementStock<ReductionAttrs>('Sum', ({ backend, inputs, attrs }) =>
    reduce(backend, inputs.x as TensorInfo, attrs, false),
  );
  implementStock<ReductionAttrs>('Mean', ({ backend, inputs, attrs }) =>
    reduce(backend, inputs.x as TensorInfo, attrs, true),
  );
}

/** Sum or mean over neighbouring axes; null for others. */
function reduce(backend: NativeBackend, x: TensorInfo, attrs: ReductionAttrs, isMean: boolean): TensorInfo | null {
  const axes = util.parseAxisParam(attrs.axis, x.shape).sort((a, b) => a - b);
  const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? -1];
  const size = util.sizeFromShape(x.shape);
  if (size === 0 || last - first + 1 !== axes.length) return null;
  const outer = util.sizeFromShape(x.shape.slice(0, first));
  const inner = util.sizeFromShape(x.shape.slice(last + 1));
  const reduced = size / outer / inner;
  const tensor = backend.addon.sum(backend.tensorOf(x), outer, reduced, inner, isMean ? 1 / reduced : 1);
  const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  return backend.output(tensor, attrs.keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape);
}
