import { AppError } from '@singan/domain';
import { z } from 'zod';

/** TensorFlow.js's layers format: tensors one after the other through all shards, each value a byte: min + scale byte. */
const manifestSchema = z.array(
  z.object({
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().positive()),
        quantization: z.object({ min: z.number(), scale: z.number(), dtype: z.literal('uint8') }),
      }),
    ),
  }),
);

type Entry = z.infer<typeof manifestSchema>[number]['weights'][number];

export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface QuantizedModel {
  /** `weightsManifest` of the model's JSON. */
  readonly manifest: unknown;
  /** Base64 text of a shard; undefined after the last. Called in order, as far as needed. */
  readonly readShard: (shard: number) => Promise<unknown>;
  /** Tensors wanted; they are few and at the front, so most shards stay unread. */
  readonly names: readonly string[];
}

/**
 * Reads some tensors of a TensorFlow.js model whose weights are quantised to bytes.
 * @returns by name; what the model has not is not in it
 * @throws AppError `internal` when the manifest is of another form or the shards end too early
 */
export async function readQuantizedTensors({
  manifest,
  readShard,
  names,
}: QuantizedModel): Promise<Map<string, ShapedArray>> {
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success) {
    throw new AppError('internal', `expected a manifest of quantised weights: ${z.prettifyError(parsed.error)}`);
  }
  const wanted = placed(parsed.data.flatMap(({ weights }) => weights)).filter(({ name }) => names.includes(name));
  const bytes = await readBytes(readShard, Math.max(0, ...wanted.map(({ end }) => end)));
  return new Map(
    wanted.map(({ name, shape, begin, end, quantization: { min, scale } }) => [
      name,
      { shape, data: Float32Array.from(bytes.subarray(begin, end), (byte) => min + scale * byte) },
    ]),
  );
}

/** Where each tensor is, in bytes from the start of the first shard. */
function placed(entries: readonly Entry[]): Array<Entry & { begin: number; end: number }> {
  let end = 0;
  return entries.map((entry) => {
    const begin = end;
    end += entry.shape.reduce((product, length) => product * length, 1);
    return { ...entry, begin, end };
  });
}

async function readBytes(readShard: QuantizedModel['readShard'], count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  let filled = 0;
  for (let shard = 0; filled < count; shard += 1) {
    const text = await readShard(shard);
    if (typeof text !== 'string') {
      throw new AppError('internal', `expected ${count} bytes of weights, got ${filled} in ${shard} shards`);
    }
    const part = Buffer.from(text, 'base64').subarray(0, count - filled);
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}
