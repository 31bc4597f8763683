#include <cmath>

#include "check.h"

namespace singan::test {
namespace {

constexpr double kTolerance = 1e-6;

double binaryValue(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kAdd: return a + b;
    case BinaryOp::kSubtract: return a - b;
    case BinaryOp::kMultiply: return a * b;
    case BinaryOp::kDivide: return a / b;
    case BinaryOp::kSquaredDifference: return (a - b) * (a - b);
    case BinaryOp::kMaximum: return std::fmax(a, b);
    case BinaryOp::kMinimum: return std::fmin(a, b);
    case BinaryOp::kTanhGradient: return a * (1 - b * b);
  }
  return 0;
}

double unaryValue(const UnaryCall& call, double x) {
  switch (call.op) {
    case UnaryOp::kNegate: return -x;
    case UnaryOp::kSquare: return x * x;
    case UnaryOp::kSquareRoot: return std::sqrt(x);
    case UnaryOp::kInverseSquareRoot: return 1 / std::sqrt(x);
    case UnaryOp::kAbsolute: return std::fabs(x);
    case UnaryOp::kTanh: return std::tanh(x);
    case UnaryOp::kStep: return x > 0 ? 1 : call.first;
    case UnaryOp::kLeakyRelu: return x > 0 ? x : call.first * x;
    case UnaryOp::kClip: return std::fmin(std::fmax(x, call.first), call.second);
  }
  return 0;
}

void testBinary(const KernelTable& kernels, ThreadPool& pool, Checker& checker, size_t size, Random& random) {
  std::vector<float> a = random.floats(size), b = random.floats(size);
  for (float& value : b) value += value < 0 ? -1.f : 1.f;
  for (int op = 0; op < kBinaryOps; op++) {
    for (int scalar = 0; scalar < 3; scalar++) {
      const AlignedMemory left = exactCopy(a), right = exactCopy(b), result = filledWithNan(size);
      std::vector<double> expected(size);
      for (size_t i = 0; i < size; i++) {
        expected[i] = binaryValue(static_cast<BinaryOp>(op), a[scalar == 1 ? 0 : i], b[scalar == 2 ? 0 : i]);
      }
      kernels.binary(pool, static_cast<BinaryOp>(op), {left.data(), scalar == 1}, {right.data(), scalar == 2},
                     result.data(), static_cast<long>(size));
      checker.close(std::string(kernels.name) + " binary " + std::to_string(op), result.data(), expected, kTolerance);
    }
  }
}

void testUnary(const KernelTable& kernels, ThreadPool& pool, Checker& checker, size_t size, Random& random) {
  for (int op = 0; op < kUnaryOps; op++) {
    const UnaryCall call = {static_cast<UnaryOp>(op), -0.3f, 0.6f};
    const bool isRoot = call.op == UnaryOp::kSquareRoot || call.op == UnaryOp::kInverseSquareRoot;
    std::vector<float> x = random.floats(size);
    for (float& value : x) value = isRoot ? std::fabs(value) + 0.1f : value * (call.op == UnaryOp::kTanh ? 12 : 1);
    const AlignedMemory from = exactCopy(x), result = filledWithNan(size);
    std::vector<double> expected(size);
    for (size_t i = 0; i < size; i++) expected[i] = unaryValue(call, x[i]);
    kernels.unary(pool, call, from.data(), result.data(), static_cast<long>(size));
    checker.close(std::string(kernels.name) + " unary " + std::to_string(op), result.data(), expected, kTolerance);
  }
}

void testAdam(const KernelTable& kernels, ThreadPool& pool, Checker& checker, size_t size, Random& random) {
  const std::vector<float> variable = random.floats(size), gradient = random.floats(size), first = random.floats(size);
  std::vector<float> second = random.floats(size);
  for (float& value : second) value = std::fabs(value);
  const AlignedMemory in[] = {exactCopy(variable), exactCopy(gradient), exactCopy(first), exactCopy(second)};
  const AlignedMemory out[] = {filledWithNan(size), filledWithNan(size), filledWithNan(size)};
  const AdamConstants constants = {1e-3f, 0.5f, 0.999f, 1e-8f, 0.7f};
  kernels.adamUpdate(pool, constants,
                     {in[0].data(), in[1].data(), in[2].data(), in[3].data(), out[0].data(), out[1].data(), out[2].data()},
                     static_cast<long>(size));
  std::vector<double> newVariable(size), newFirst(size), newSecond(size);
  for (size_t i = 0; i < size; i++) {
    newFirst[i] = 0.5 * first[i] + 0.5 * gradient[i];
    newSecond[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
    newVariable[i] = variable[i] - 1e-3 * newFirst[i] / (std::sqrt(newSecond[i]) / 0.7 + 1e-8);
  }
  const std::string name = std::string(kernels.name) + " adam ";
  checker.close(name + "variable", out[0].data(), newVariable, kTolerance);
  checker.close(name + "first moment", out[1].data(), newFirst, kTolerance);
  checker.close(name + "second moment", out[2].data(), newSecond, kTolerance);
}

}  // namespace

void testElementwise(const KernelTable& kernels, ThreadPool& pool, Checker& checker) {
  Random random(3);
  for (size_t size : {size_t{1}, size_t{5}, size_t{16}, size_t{1027}, size_t{70001}}) {
    testBinary(kernels, pool, checker, size, random);
    testUnary(kernels, pool, checker, size, random);
    testAdam(kernels, pool, checker, size, random);
  }
}

}  // namespace singan::test
