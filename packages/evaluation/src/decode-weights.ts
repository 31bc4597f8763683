import { createHash } from 'node:crypto';
import { AppError } from '@singan/domain';
import { decodeSafetensors, type NamedArrays, type SafetensorsFile } from '@singan/singan';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { INCEPTION_LAYERS, type InceptionLayer, type InceptionWeights } from './inception-layers.ts';

const FORMAT = 'inception-v3';
const VERSION = '1';

/**
 * Weights from a safetensors file as `convert/convert_inception.py` writes it: float32 tensors with the names and layouts of
 * PyTorch (`Conv2d_1a_3x3.conv.weight` [out, in, side, side], `Conv2d_1a_3x3.bn.weight`, ...), and as metadata `format`
 * inception-v3, `version` 1, `name`, and `inputRange`, the two ends of the range that the net takes ("-1,1").
 * @throws AppError `config.invalid` that says what was expected and what was got: an operator supplies the file
 */
export function decodeWeights(safetensors: Uint8Array): InceptionWeights {
  const { tensors, metadata } = readFile(safetensors);
  const expectText = (key: string, expected: string) => {
    if (metadata[key] !== expected) fail(`expected metadata ${key} "${expected}", got "${metadata[key] ?? ''}"`);
  };
  expectText('format', FORMAT);
  expectText('version', VERSION);
  const digest = createHash('sha256').update(safetensors).digest('hex').slice(0, 12);
  return {
    name: `${metadata.name ?? fail('expected metadata name, got none')} sha256:${digest}`,
    inputRange: parseRange(metadata.inputRange ?? ''),
    convolutions: INCEPTION_LAYERS.map((layer) => readConvolution(layer, tensors)),
  };
}

function readFile(bytes: Uint8Array): SafetensorsFile {
  try {
    return decodeSafetensors(bytes);
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function parseRange(text: string): readonly [number, number] {
  const [black = Number.NaN, white = Number.NaN, ...rest] = text.split(',').map(Number);
  if (rest.length === 0 && Number.isFinite(black) && Number.isFinite(white) && black < white) return [black, white];
  return fail(`expected metadata inputRange such as "-1,1", got "${text}"`);
}

function readConvolution({ name, side, inputs, outputs }: InceptionLayer, tensors: NamedArrays) {
  const read = (part: string, shape: readonly number[]): Float32Array => {
    const found = tensors.get(`${name}.${part}`);
    if (found?.shape.join() !== shape.join()) {
      const got = found ? `[${found.shape}]` : 'none';
      return fail(`expected a tensor ${name}.${part} of shape [${shape}], got ${got}`);
    }
    if (!found.data.every(Number.isFinite)) return fail(`expected finite values in ${name}.${part}`);
    return found.data;
  };
  return foldBatchNorm({
    kernel: outputsLast(read('conv.weight', [outputs, inputs, side, side]), outputs, inputs),
    gamma: read('bn.weight', [outputs]),
    beta: read('bn.bias', [outputs]),
    mean: read('bn.running_mean', [outputs]),
    variance: read('bn.running_var', [outputs]),
  });
}

/** [out, in, side, side] to [side, side, in, out]. */
function outputsLast(weight: Float32Array, outputs: number, inputs: number): Float32Array {
  const taps = weight.length / outputs / inputs;
  return Float32Array.from(weight, (_, at) => {
    const output = at % outputs;
    const input = Math.floor(at / outputs) % inputs;
    const tap = Math.floor(at / outputs / inputs);
    return weight[(output * inputs + input) * taps + tap] ?? 0;
  });
}

function fail(detail: string, cause?: unknown): never {
  throw new AppError('config.invalid', `weights of Inception-v3: ${detail}`, { cause });
}
