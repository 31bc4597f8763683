import {
  add,
  broadcast_util,
  cast,
  div,
  exp,
  minimum,
  mul,
  neg,
  registerGradient,
  reshape,
  rsqrt,
  scalar,
  sigmoid,
  sign,
  sqrt,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tanh,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** Sums a cotangent over the axes along which its input was broadcast. */
function sumTo(dy: Tensor, shape: readonly number[]): Tensor {
  const axes = broadcast_util.getReductionAxes([...shape], dy.shape);
  return axes.length === 0 ? dy.clone() : reshape(sum(dy, axes), [...shape]);
}

type BinaryRule = (dy: Tensor, a: Tensor, b: Tensor) => Tensor;

function binary(kernelName: string, da: BinaryRule, db: BinaryRule): void {
  registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => {
      const [left, right, cotangent] = [a as Tensor, b as Tensor, dy as Tensor];
      return {
        a: () => sumTo(da(cotangent, left, right), left.shape),
        b: () => sumTo(db(cotangent, left, right), right.shape),
      };
    },
  });
}

/** The attributes unary rules read, of whichever kernel has them. */
interface ActivationAttrs {
  readonly alpha: number;
  readonly clipValueMin: number;
  readonly clipValueMax: number;
}

function unary(kernelName: string, derivative: (dy: Tensor, x: Tensor, attrs: ActivationAttrs) => Tensor): void {
  registerGradient({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => derivative(dy as Tensor, x as Tensor, attrs as unknown as ActivationAttrs),
    }),
  });
}

/** Every rule is made of inputs, never of the saved output: TF.js drops what flows through a saved output (its second derivative would be 0). */
export function registerElementwiseGradients(): void {
  registerBinaryGradients();
  registerUnaryGradients();
  registerActivationGradients();
}

function registerBinaryGradients(): void {
  binary(
    'Add',
    (dy) => dy,
    (dy) => dy,
  );
  binary(
    'Sub',
    (dy) => dy,
    (dy) => neg(dy),
  );
  binary(
    'Multiply',
    (dy, _a, b) => mul(dy, b),
    (dy, a) => mul(dy, a),
  );
  binary(
    'RealDiv',
    (dy, _a, b) => div(dy, b),
    (dy, a, b) => neg(div(mul(dy, a), square(b))),
  );
  binary(
    'SquaredDifference',
    (dy, a, b) => mul(dy, mul(2, sub(a, b))),
    (dy, a, b) => mul(dy, mul(2, sub(b, a))),
  );
  binary(
    'Maximum',
    (dy, a, b) => mul(dy, sub(1, step(sub(b, a)))),
    (dy, a, b) => mul(dy, step(sub(b, a))),
  );
  binary(
    'Minimum',
    (dy, a, b) => mul(dy, sub(1, step(sub(a, b)))),
    (dy, a, b) => mul(dy, step(sub(a, b))),
  );
  registerGradient({
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, i) => [i, () => (dy as Tensor).clone()])),
  });
}

function registerUnaryGradients(): void {
  unary('Identity', (dy) => cast(dy, 'float32'));
  unary('Cast', (dy) => cast(dy, 'float32'));
  unary('Neg', (dy) => neg(dy));
  unary('Square', (dy, x) => mul(dy, mul(2, x)));
  unary('Sqrt', (dy, x) => div(dy, mul(2, sqrt(x))));
  unary('Rsqrt', (dy, x) => mul(dy, div(mul(-0.5, rsqrt(x)), x)));
  unary('Exp', (dy, x) => mul(dy, exp(x)));
  unary('Log', (dy, x) => div(dy, x));
  unary('Abs', (dy, x) => mul(dy, sign(x)));
  for (const flat of ['Step', 'Sign', 'ZerosLike', 'OnesLike']) unary(flat, (dy) => zerosLike(dy));
}

function registerActivationGradients(): void {
  unary('Tanh', (dy, x) => mul(dy, sub(scalar(1), square(tanh(x)))));
  unary('Sigmoid', (dy, x) => mul(dy, mul(sigmoid(x), sub(1, sigmoid(x)))));
  unary('Relu', (dy, x) => mul(dy, step(x)));
  unary('LeakyRelu', (dy, x, { alpha }) => mul(dy, step(x, alpha)));
  unary('Elu', (dy, x) => mul(dy, exp(minimum(x, 0))));
  unary('ClipByValue', (dy, x, { clipValueMin, clipValueMax }) => {
    const outside = add(step(sub(clipValueMin, x)), step(sub(x, clipValueMax)));
    return mul(dy, sub(1, outside));
  });
}
