#pragma once

namespace singan {

enum class BinaryOp { kAdd, kSubtract, kMultiply, kDivide, kSquaredDifference, kMaximum, kMinimum, kTanhGradient };
constexpr int kBinaryOps = 8;

enum class UnaryOp { kNegate, kSquare, kSquareRoot, kInverseSquareRoot, kAbsolute, kTanh, kStep, kLeakyRelu, kClip };
constexpr int kUnaryOps = 9;

// Values of an operand: as many as the result has, or one for all.
struct Operand {
  const float* values;
  bool isScalar;
};

// kStep: 1 where x > 0, else first; kLeakyRelu: x > 0 ? x : first * x; kClip: to [first, second].
struct UnaryCall {
  UnaryOp op;
  float first, second;
};

// Adam with the bias corrections folded in: rate = learningRate / (1 - beta1^step), correction = sqrt(1 - beta2^step).
struct AdamConstants {
  float rate, beta1, beta2, epsilon, correction;
};

struct AdamArrays {
  const float *variable, *gradient, *firstMoment, *secondMoment;
  float *newVariable, *newFirstMoment, *newSecondMoment;
};

}  // namespace singan
