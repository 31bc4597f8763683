import {
  adamUpdate,
  convActivation,
  convBlock,
  gradientPenalty,
  registerComposedKernels,
  registerOps,
  resize,
  standardNormal,
} from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { startNative } from '../../packages/engine/src/native/start.ts';

const rnd = (shape: number[], s: number, scale = 1) => {
  let x = s * 7919 + 1;
  const n = shape.reduce((a, b) => a * b, 1);
  const v = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
    v[i] = (x / 1073741824 - 1) * scale;
  }
  return tf.tensor(v, shape);
};
const C = Number(process.argv[2] ?? 16);
function run() {
  const names: string[] = [];
  const mk = (i: number, o: number, l: number) => {
    const w = tf.variable(rnd([3, 3, i, o], l, 0.15)) as any,
      g = tf.variable(tf.add(rnd([o], l + 50, 0.1), 1)) as any,
      b = tf.variable(rnd([o], l + 90, 0.1)) as any;
    return { weight: w, gamma: g, beta: b };
  };
  const blocks = [mk(3, C, 1), mk(C, C, 2), mk(C, C, 3), mk(C, C, 4)];
  const tail = { weight: tf.variable(rnd([3, 3, C, 1], 9, 0.15)) as any, bias: tf.variable(rnd([1], 5)) as any };
  const x = rnd([1, 25, 33, 3], 77) as tf.Tensor4D,
    fake = rnd([1, 25, 33, 3], 78) as tf.Tensor4D;
  const fwd = (x: tf.Tensor4D) => {
    let y = x;
    for (const b of blocks) y = convBlock({ x: y, ...b, slope: 0.2 }).y;
    return convActivation({ x: y, ...tail, slope: 1 });
  };
  const vars = [...blocks.flatMap((b) => [b.weight, b.gamma, b.beta]), tail.weight, tail.bias];
  const r = tf.variableGrads(() => {
    const l = tf.sub(tf.mean(fwd(fake)), tf.mean(fwd(x)));
    const g = tf.grad((z) => tf.sum(fwd(z as tf.Tensor4D)))(tf.add(tf.mul(x, 0.3), tf.mul(fake, 0.7)));
    return tf.add(l, tf.mul(gradientPenalty(g as tf.Tensor4D), 10)) as tf.Scalar;
  }, vars);
  return {
    loss: r.value.dataSync()[0],
    grads: vars.map((v) => r.grads[v.name].dataSync()),
    noise: standardNormal({ shape: [1, 7, 9, 3], seed: 3, stream: 2, counter: [5, 6] }).dataSync(),
    rs: resize(x, { height: 31, width: 20 }).dataSync(),
    tanh: tf.tanh(tf.mul(x, 3)).dataSync(),
    cat: tf.transpose(tf.concat([x, tf.slice(fake, [0, 0, 3, 0], [1, 25, 20, 3])], 2), [0, 2, 1, 3]).dataSync(),
    s: tf.sum(x, [1, 2]).dataSync(),
    m: tf.mean(tf.mul(x, rnd([1, 25, 33, 1], 4)), -1, true).dataSync(),
    padd: tf
      .pad(
        x,
        [
          [0, 0],
          [1, 2],
          [3, 4],
          [0, 0],
        ],
        7,
      )
      .dataSync(),
    st: tf.step(x, 0.2).dataSync(),
    gt: tf.greater(x, 0).dataSync(),
    big: tf.matMul(tf.reshape(x, [25, 99]), tf.reshape(fake, [99, 25])).dataSync(),
  };
}
tf.enableProdMode();
await tf.setBackend('cpu');
registerComposedKernels('cpu');
registerOps();
const a = run() as any;
const o: any = { nativeThreads: 2 };
if (process.argv[3]) o.nativeIsa = process.argv[3];
console.log(await startNative(o));
await tf.setBackend('native');
registerComposedKernels('native');
const b = run() as any;
console.log('loss', a.loss, b.loss);
const err = (x: any, y: any) => {
  let e = 0,
    s = 0;
  for (let i = 0; i < x.length; i++) {
    e += (x[i] - y[i]) ** 2;
    s += x[i] ** 2;
  }
  return Math.sqrt(e / (s || 1));
};
a.grads.forEach((g: any, i: number) => console.log('grad', i, g.length, err(g, b.grads[i]).toExponential(1)));
for (const k of ['noise', 'rs', 'tanh', 'cat', 's', 'm', 'padd', 'st', 'gt', 'big'])
  console.log(k, a[k].length === b[k].length, err(a[k], b[k]).toExponential(1));
const c = run() as any;
console.log(
  'same',
  c.grads.every((g: any, i: number) => err(b.grads[i], g) === 0),
);
