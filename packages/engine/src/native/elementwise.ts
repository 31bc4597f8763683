import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { implementStock } from './kernel.ts';
import { broadcastTo } from './shapes.ts';

/** Numbers of the addon's BinaryOp. */
const BINARY_OPS = { Add: 0, Sub: 1, Multiply: 2, RealDiv: 3, SquaredDifference: 4, Maximum: 5, Minimum: 6 };
const ADD = BINARY_OPS.Add;

/** Numbers of the addon's UnaryOp, and the attributes it takes. */
const UNARY_OPS: Record<string, { op: number; first?: string; second?: string }> = {
  Neg: { op: 0 },
  Square: { op: 1 },
  Sqrt: { op: 2 },
  Rsqrt: { op: 3 },
  Abs: { op: 4 },
  Tanh: { op: 5 },
  Step: { op: 6, first: 'alpha' },
  LeakyRelu: { op: 7, first: 'alpha' },
  ClipByValue: { op: 8, first: 'clipValueMin', second: 'clipValueMax' },
};

export function implementElementwise(): void {
  for (const [name, op] of Object.entries(BINARY_OPS)) {
    implementStock(name, ({ backend, inputs }) => binary(backend, op, inputs.a as TensorInfo, inputs.b as TensorInfo));
  }
  for (const [name, { op, first = '', second = '' }] of Object.entries(UNARY_OPS)) {
    implementStock<Record<string, number>>(name, ({ backend, inputs, attrs }) => {
      const x = inputs.x as TensorInfo;
      return backend.output(
        backend.addon.unary(op, backend.tensorOf(x), attrs?.[first] ?? 0, attrs?.[second] ?? 0),
        x.shape,
      );
    });
  }
  implementStock('AddN', ({ backend, inputs }) => addAll(backend, Object.values(inputs)));
}

function binary(backend: NativeBackend, op: number, a: TensorInfo, b: TensorInfo): TensorInfo | null {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const size = util.sizeFromShape(shape);
  if (size === 0) return null;
  const fits = ({ shape: own }: TensorInfo) => util.sizeFromShape(own) === size || util.sizeFromShape(own) === 1;
  if (fits(a) && fits(b)) {
    return backend.output(backend.addon.binary(op, backend.tensorOf(a), backend.tensorOf(b)), shape);
  }
  const expanded = [a, b].map((input) => broadcastTo(backend, input, shape));
  const [left, right] = expanded.map((input) => backend.tensorOf(input)) as [number, number];
  const result = backend.output(backend.addon.binary(op, left, right), shape);
  for (const { dataId } of expanded) backend.disposeData(dataId);
  return result;
}

function addAll(backend: NativeBackend, terms: readonly TensorInfo[]): TensorInfo | null {
  const [first, ...rest] = terms;
  if (first === undefined || util.sizeFromShape(first.shape) === 0) return null;
  let sum = backend.share(first, first.shape);
  for (const term of rest) {
    const next = backend.output(backend.addon.binary(ADD, backend.tensorOf(sum), backend.tensorOf(term)), first.shape);
    backend.disposeData(sum.dataId);
    sum = next;
  }
  return sum;
}
