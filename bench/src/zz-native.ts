import { composeInput, createNetPair, discriminatorStep, generatorStep, startArrays } from '@singan/singan';
import { registerComposedKernels, registerOps } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { startNative } from '../../packages/engine/src/native/start.ts';
const [, , size = '25x33x32', isa = '', threads = '2', secs = '4'] = process.argv;
tf.enableProdMode();
const info = await startNative({ nativeIsa: isa, nativeThreads: Number(threads) });
await tf.setBackend('native'); registerComposedKernels('native'); registerOps();
const [height, width, channels] = size.split('x').map(Number) as [number, number, number];
const level = { height, width, channels, iterations: 100 };
const pair = createNetPair(startArrays({ seed: 1, scale: 1, level, before: null }), null);
const draw = (seed: number) => tf.randomUniform<tf.Rank.R4>([1, height, width, 3], -1, 1, 'float32', seed);
const real = draw(1), noise = draw(2), previous = draw(3);
let calls = 0;
if (process.env['COUNT']) {
  const t: Record<string, [number, number]> = {};
  for (const k of tf.getKernelsForBackend('native')) { tf.unregisterKernel(k.kernelName, 'native'); const f = k.kernelFunc; tf.registerKernel({ ...k, kernelFunc: (a) => { const s = performance.now(); const r = f(a); const e = (t[k.kernelName] ??= [0, 0]); e[0]++; e[1] += performance.now() - s; calls++; return r; } }); }
  process.on('exit', () => { console.log(Object.entries(t).sort((a, b) => b[1][1] - a[1][1]).slice(0, 24).map(([k, [n, ms]]) => `${k} ${(n / runs).toFixed(0)} ${(ms / runs).toFixed(2)}ms`).join('\n')); console.log('calls', calls / runs); });
}
let runs = 0;
async function iterate(n: number) {
  const losses = tf.tidy(() => {
    const input = composeInput({ noise, noiseAmplitude: 0.1, previous }); const shared = { real, input, learningRate: 5e-4 }; const terms: tf.Tensor[] = [];
    for (let i = 1; i <= 3; i++) terms.push(...Object.values(discriminatorStep(pair, { ...shared, step: (n - 1) * 3 + i, mix: 0.5, gradientPenaltyWeight: 0.1 })));
    for (let i = 1; i <= 3; i++) terms.push(...Object.values(generatorStep(pair, { ...shared, step: (n - 1) * 3 + i, reconstructionInput: input, reconstructionWeight: 10 })));
    return tf.stack(terms);
  });
  const v = await losses.data(); losses.dispose(); runs++; return v;
}
await iterate(1);
const r: number[] = [], c: number[] = []; const t0 = performance.now(); let v: any;
for (let n = 2; performance.now() - t0 < Number(secs) * 1000 || n < 5; n++) { const s = performance.now(), u = process.cpuUsage(); v = await iterate(n); r.push(performance.now() - s); const d = process.cpuUsage(u); c.push((d.user + d.system) / 1000); }
r.sort((a, b) => a - b); c.sort((a, b) => a - b);
console.log(size, info.isa, info.threads, `ms/iteration best ${r[0]!.toFixed(1)} median ${r[r.length >> 1]!.toFixed(1)} n ${r.length} cpu median ${c[c.length >> 1]!.toFixed(1)} best ${c[0]!.toFixed(1)}`, 'tensors', tf.memory().numTensors, 'rss', (process.memoryUsage().rss / 1e6).toFixed(0), 'losses', [...v].slice(0, 5).map((x: number) => x.toFixed(3)).join(' '));
