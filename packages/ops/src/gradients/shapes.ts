import {
  backend_util,
  concat,
  pad,
  registerGradient,
  reshape,
  slice,
  slice_util,
  split,
  type Tensor,
  transpose,
  util,
} from '@tensorflow/tfjs-core';

/** The attributes these rules read, of whichever kernel has them. */
interface ShapeAttrs {
  readonly paddings: [number, number][];
  readonly begin: number[];
  readonly size: number[];
  readonly perm: number[];
  readonly axis: number;
}

type ShapeRule = (dy: Tensor, x: Tensor, attrs: ShapeAttrs) => Tensor;

function rearrangement(kernelName: string, inputName: string, back: ShapeRule): void {
  registerGradient({
    kernelName,
    inputsToSave: [inputName],
    gradFunc: (dy, [x], attrs) => ({
      [inputName]: () => back(dy as Tensor, x as Tensor, attrs as unknown as ShapeAttrs),
    }),
  });
}

/** Gradients of the stock ops that only move values. */
export function registerShapeGradients(): void {
  rearrangement('Reshape', 'x', (dy, x) => reshape(dy, x.shape));
  rearrangement('ExpandDims', 'input', (dy, x) => reshape(dy, x.shape));
  rearrangement('PadV2', 'x', (dy, x, { paddings }) => {
    return slice(
      dy,
      paddings.map(([before]) => before),
      x.shape,
    );
  });
  rearrangement('Slice', 'x', (dy, x, attrs) => {
    const [begin, size] = slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [number[], number[]];
    return pad(
      dy,
      x.shape.map((length, axis): [number, number] => {
        const before = begin[axis] as number;
        return [before, length - before - (size[axis] as number)];
      }),
    );
  });
  rearrangement('Transpose', 'x', (dy, _x, { perm }) => transpose(dy, backend_util.getUndoAxesPermutation(perm)));
  registerJoinGradients();
}

function registerJoinGradients(): void {
  registerGradient({
    kernelName: 'Concat',
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const [axis] = util.parseAxisParam((attrs as unknown as ShapeAttrs).axis, saved[0]?.shape ?? []) as [number];
      const sizes = saved.map((part) => part.shape[axis] as number);
      const parts = split(dy as Tensor, sizes, axis);
      return Object.fromEntries(parts.map((part, i) => [i, () => part]));
    },
  });
  registerGradient({
    kernelName: 'SplitV',
    gradFunc: (dy, _saved, attrs) => ({ x: () => concat(dy as Tensor[], (attrs as unknown as ShapeAttrs).axis) }),
  });
}
