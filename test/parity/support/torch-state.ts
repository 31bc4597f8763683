import type { NamedArray, NamedArrays, NetRole } from '@singan/singan';
import { type GoldenArray, parameterOf, valuesOf } from './golden-array.ts';

/** Arrays of one net under the names of the reference's state_dict. */
export type TorchState = Readonly<Record<string, GoldenArray>>;

/** `head` is block 1, `body.block1` to `3` are blocks 2 to 4, `tail` (`tail.0` in the generator) is block 5. */
function blockPrefix(torchName: string): string {
  if (torchName.startsWith('head.')) return 'block1';
  const body = /^body\.block(\d)\./.exec(torchName);
  return body ? `block${Number(body[1]) + 1}` : 'block5';
}

function partOf(torchName: string): string {
  const [, part] = /(conv\.weight|norm\.\w+|weight|bias)$/.exec(torchName) ?? [];
  switch (part) {
    case 'conv.weight':
      return 'weight';
    case 'norm.weight':
      return 'gamma';
    case 'norm.bias':
      return 'beta';
    case 'norm.running_mean':
      return 'runningMean';
    case 'norm.running_var':
      return 'runningVariance';
    default:
      return part ?? torchName;
  }
}

/** A convolution's bias before batch norm: ours have none, for batch norm cancels it. */
function isCancelledBias(torchName: string): boolean {
  return torchName.endsWith('conv.bias');
}

/**
 * State, gradients or running statistics of a net of the reference under our names and in our layout. A bias before batch
 * norm is folded: runningMean -= bias, for the mean of conv + bias is the mean of conv plus the bias.
 * @param biases where those biases stand when `state` itself has none
 */
export function fromTorch(role: NetRole, state: TorchState, biases: TorchState = state): NamedArrays {
  const arrays = new Map<string, NamedArray>();
  for (const [name, array] of Object.entries(state)) {
    if (isCancelledBias(name) || name.endsWith('num_batches_tracked')) continue;
    const value = parameterOf(array);
    const bias = name.endsWith('norm.running_mean')
      ? biases[name.replace('norm.running_mean', 'conv.bias')]
      : undefined;
    arrays.set(`${role}.${blockPrefix(name)}.${partOf(name)}`, bias ? minus(value, valuesOf(bias)) : value);
  }
  return arrays;
}

function minus({ shape, data }: NamedArray, other: Float64Array): NamedArray {
  return { shape, data: data.map((value, i) => value - (other[i] as number)) };
}

/** Names and shapes of parameters, in the order in which a flat vector holds them. */
export type ParameterOrder = ReadonlyArray<readonly [name: string, shape: readonly number[]]>;

/** A flat vector of all parameters of a net, taken apart. */
export function fromFlat(flat: GoldenArray, order: ParameterOrder): TorchState {
  const bytes = Buffer.from(flat.b64, 'base64');
  const valueBytes = flat.dtype === 'f64' ? 8 : 4;
  let position = 0;
  return Object.fromEntries(
    order.map(([name, shape]) => {
      const end = position + shape.reduce((a, b) => a * b, 1) * valueBytes;
      const b64 = bytes.subarray(position, end).toString('base64');
      position = end;
      return [name, { shape, dtype: flat.dtype, b64 }];
    }),
  );
}
