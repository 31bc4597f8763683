import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { implementStock, type KernelCall } from './kernel.ts';

/** The addon's StridedCopy has this many axes. */
const AXES = 6;

interface BoxCopy {
  readonly lengths: readonly number[];
  readonly fromOffset?: number;
  readonly fromStrides: readonly number[];
  readonly toOffset?: number;
  readonly toStrides: readonly number[];
}

/** Floats from one index of an axis to the next, for every axis. */
function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

function offsetOf(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, value, axis) => sum + value * (strides[axis] as number), 0);
}

function numbersOf({ lengths, fromOffset = 0, fromStrides, toOffset = 0, toStrides }: BoxCopy): number[] {
  const padded = (values: readonly number[], filler: number) => [
    ...new Array<number>(AXES - values.length).fill(filler),
    ...values,
  ];
  return [fromOffset, toOffset, ...padded(lengths, 1), ...padded(fromStrides, 0), ...padded(toStrides, 0)];
}

/** A tensor of `value` with boxes of others copied into it. */
function assemble(
  backend: NativeBackend,
  o: { shape: readonly number[]; value?: number; parts: readonly { from: TensorInfo; copy: BoxCopy }[] },
): TensorInfo {
  const copies = Int32Array.from(o.parts.flatMap(({ copy }) => numbersOf(copy)));
  const sources = Int32Array.from(o.parts, ({ from }) => backend.tensorOf(from));
  const tensor = backend.addon.assemble(util.sizeFromShape([...o.shape]), o.value ?? 0, copies, sources);
  return backend.output(tensor, o.shape);
}

/** The values repeated along axes of length 1, as TF.js broadcasts; owned by the caller. */
export function broadcastTo(backend: NativeBackend, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const own = [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const strides = stridesOf(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride));
  const copy = { lengths: shape, fromStrides: strides, toStrides: stridesOf(shape) };
  return assemble(backend, { shape, parts: [{ from: x, copy }] });
}

export function implementShapes(): void {
  implementStock<{ paddings: [number, number][]; constantValue: number }>('PadV2', ({ backend, inputs, attrs }) => {
    const x = inputs.x as TensorInfo;
    if (x.shape.length > AXES) return null;
    const shape = x.shape.map(
      (length, axis) => length + (attrs.paddings[axis] as [number, number]).reduce((a, b) => a + b),
    );
    const toStrides = stridesOf(shape);
    const toOffset = offsetOf(
      attrs.paddings.map(([before]) => before),
      toStrides,
    );
    const copy = { lengths: x.shape, fromStrides: stridesOf(x.shape), toOffset, toStrides };
    return assemble(backend, { shape, value: attrs.constantValue, parts: [{ from: x, copy }] });
  });
  implementStock<{ begin: number[]; size: number[] }>('Slice', ({ backend, inputs, attrs }) => {
    const x = inputs.x as TensorInfo;
    if (x.shape.length > AXES) return null;
    const [begin, size] = slice_util.parseSliceParams(x as never, attrs.begin, attrs.size) as [number[], number[]];
    slice_util.assertParamsValid(x as never, begin, size);
    const fromStrides = stridesOf(x.shape);
    const copy = { lengths: size, fromOffset: offsetOf(begin, fromStrides), fromStrides, toStrides: stridesOf(size) };
    return assemble(backend, { shape: size, parts: [{ from: x, copy }] });
  });
  implementStock<{ perm: number[] }>('Transpose', ({ backend, inputs, attrs }) => {
    const x = inputs.x as TensorInfo;
    if (x.shape.length > AXES) return null;
    const shape = attrs.perm.map((axis) => x.shape[axis] as number);
    const strides = stridesOf(x.shape);
    const copy = {
      lengths: shape,
      fromStrides: attrs.perm.map((axis) => strides[axis] as number),
      toStrides: stridesOf(shape),
    };
    return assemble(backend, { shape, parts: [{ from: x, copy }] });
  });
  implementStock<{ axis: number }>('Concat', concat);
}

function concat({ backend, inputs, attrs }: KernelCall<{ axis: number }>): TensorInfo | null {
  const list = Object.values(inputs);
  const first = list[0] as TensorInfo;
  if (first.shape.length > AXES) return null;
  const axis = util.parseAxisParam(attrs.axis, first.shape)[0] as number;
  const shapes = list.map((part) => part.shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const shape = backend_util.computeOutShape(shapes, axis);
  const toStrides = stridesOf(shape);
  let position = 0;
  const parts = list.map((from) => {
    const toOffset = position * (toStrides[axis] as number);
    position += from.shape[axis] as number;
    return { from, copy: { lengths: from.shape, fromStrides: stridesOf(from.shape), toOffset, toStrides } };
  });
  return assemble(backend, { shape, parts });
}
