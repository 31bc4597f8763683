import type { BackendValues, DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { type BackendTimingInfo, DataStorage, type DataType, engine, KernelBackend } from '@tensorflow/tfjs-core';
import type { NativeAddon, TensorNumber } from './addon.ts';

/**
 * Values of a tensor: float32 in the addon's memory; other types, which only shapes and indices have, in JavaScript.
 * It is its own dataId, which saves a look-up in a WeakMap for every use of a tensor.
 */
class NativeData {
  refCount: number;
  readonly dtype: DataType;
  /** Null: the values are in JavaScript. */
  readonly tensor: TensorNumber | null;
  readonly values: BackendValues | null;
  isDisposed = false;

  constructor(o: { refCount: number; dtype: DataType; tensor: TensorNumber | null; values: BackendValues | null }) {
    this.refCount = o.refCount;
    this.dtype = o.dtype;
    this.tensor = o.tensor;
    this.values = o.values;
  }
}

/** TF.js backend on the C++ addon. What the addon has no kernel for runs on TF.js's JavaScript kernels. */
export class NativeBackend extends KernelBackend {
  readonly addon: NativeAddon;
  /** Where the addon puts the numbers of several results. */
  readonly outputs = new Int32Array(512);
  /** Data that came from another backend, under the dataIds of that one. */
  readonly #moved: DataStorage<NativeData>;
  #dataCount = 0;

  constructor(addon: NativeAddon) {
    super();
    this.addon = addon;
    this.#moved = new DataStorage<NativeData>(this, engine());
  }

  /** The addon's tensor of a float32 tensor info. */
  tensorOf(info: TensorInfo): TensorNumber {
    const { tensor } = this.#dataOf(info.dataId);
    if (tensor === null) throw new Error(`expected a float32 tensor, got ${info.dtype}`);
    return tensor;
  }

  /** A tensor info that owns a tensor of the addon. */
  output(tensor: TensorNumber, shape: readonly number[]): TensorInfo {
    this.#dataCount++;
    const dataId = new NativeData({ refCount: 1, dtype: 'float32', tensor, values: null });
    return { dataId, shape: [...shape], dtype: 'float32' };
  }

  /** Another tensor info of the same values. */
  share(info: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(info.dataId);
    return { dataId: info.dataId, shape: [...shape], dtype: info.dtype };
  }

  override write(values: BackendValues, _shape: number[], dtype: DataType): DataId {
    return this.#store(values, dtype, 1);
  }

  override move(dataId: DataId, values: BackendValues, _shape: number[], dtype: DataType, refCount: number): void {
    this.#moved.set(dataId, this.#store(values, dtype, refCount));
  }

  override readSync(dataId: DataId): BackendValues {
    const { tensor, values } = this.#dataOf(dataId);
    if (tensor === null) return values as BackendValues;
    const to = new Float32Array(this.addon.size(tensor));
    this.addon.read(tensor, to);
    return to;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const data = this.#knownData(dataId);
    if (data === null) return true;
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    if (data.tensor !== null) this.addon.release(data.tensor);
    data.isDisposed = true;
    this.#dataCount--;
    if (data !== dataId) this.#moved.delete(dataId);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.#knownData(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: DataId): void {
    this.#dataOf(dataId).refCount++;
  }

  override numDataIds(): number {
    return this.#dataCount;
  }

  override memory() {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<BackendTimingInfo> {
    const start = performance.now();
    run();
    return { kernelMs: performance.now() - start };
  }

  /** Started once a process: TF.js may drop its backends, the threads stay. */
  override dispose(): void {}

  #store(values: BackendValues, dtype: DataType, refCount: number): NativeData {
    if (dtype === 'complex64') throw new Error('the native engine has no complex numbers');
    this.#dataCount++;
    if (dtype !== 'float32') return new NativeData({ refCount, dtype, tensor: null, values });
    return new NativeData({ refCount, dtype, tensor: this.addon.write(toFloats(values)), values: null });
  }

  /** Data of any backend: what another has is moved here first. */
  #dataOf(dataId: DataId): NativeData {
    return dataId instanceof NativeData ? dataId : this.#moved.get(dataId);
  }

  #knownData(dataId: DataId): NativeData | null {
    if (dataId instanceof NativeData) return dataId.isDisposed ? null : dataId;
    return this.#moved.has(dataId) ? this.#moved.get(dataId) : null;
  }
}

function toFloats(values: BackendValues): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
}
