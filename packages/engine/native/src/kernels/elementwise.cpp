// Element by element. Arrays may be read past their end up to a whole vector (see AlignedMemory), never written.
#include "elementwise.h"

#include <cmath>

#include "../platform/parallel.h"
#include "vector-math.h"
#include "vector.h"

namespace singan::SINGAN_ISA {
namespace {

constexpr long kChunk = 4096;  // values; fewer are not worth another thread

template <class Compute>
SINGAN_INLINE void forVectors(ThreadPool& pool, long size, const Compute& compute) {
  const long vectors = (size + kLanes - 1) / kLanes, chunks = chunksFor(pool, size, kChunk);
  parallelChunks(pool, chunks, [&](long chunk, int) {
    const Range range = rangeOf(vectors, chunk, chunks);
    for (long i = range.begin * kLanes; i < range.end * kLanes; i += kLanes) compute(i, size - i);
  });
}

SINGAN_INLINE void storeUpTo(float* p, Vec value, long left) {
  storePartial(p, value, left < kLanes ? static_cast<int>(left) : kLanes);
}

template <class Function>
SINGAN_INLINE void applyBinary(ThreadPool& pool, Operand a, Operand b, float* result, long size, const Function& f) {
  const Vec left = broadcast(a.values[0]), right = broadcast(b.values[0]);
  forVectors(pool, size, [&](long i, long rest) {
    const Vec x = a.isScalar ? left : load(a.values + i), y = b.isScalar ? right : load(b.values + i);
    storeUpTo(result + i, f(x, y), rest);
  });
}

template <class Function>
SINGAN_INLINE void applyUnary(ThreadPool& pool, const float* x, float* result, long size, const Function& f) {
  forVectors(pool, size, [&](long i, long rest) { storeUpTo(result + i, f(load(x + i)), rest); });
}

}  // namespace

void binary(ThreadPool& pool, BinaryOp op, Operand a, Operand b, float* result, long size) {
  const auto apply = [&](const auto& f) { applyBinary(pool, a, b, result, size, f); };
  switch (op) {
    case BinaryOp::kAdd: return apply([](Vec x, Vec y) { return x + y; });
    case BinaryOp::kSubtract: return apply([](Vec x, Vec y) { return x - y; });
    case BinaryOp::kMultiply: return apply([](Vec x, Vec y) { return x * y; });
    case BinaryOp::kDivide: return apply([](Vec x, Vec y) { return x / y; });
    case BinaryOp::kSquaredDifference: return apply([](Vec x, Vec y) { return (x - y) * (x - y); });
    case BinaryOp::kMaximum: return apply([](Vec x, Vec y) { return maximum(x, y); });
    case BinaryOp::kMinimum: return apply([](Vec x, Vec y) { return minimum(x, y); });
    case BinaryOp::kTanhGradient: return apply([](Vec x, Vec y) { return x * (1.0f - y * y); });
  }
}

void unary(ThreadPool& pool, const UnaryCall& call, const float* x, float* result, long size) {
  const auto apply = [&](const auto& f) { applyUnary(pool, x, result, size, f); };
  const Vec first = broadcast(call.first), second = broadcast(call.second), one = broadcast(1);
  switch (call.op) {
    case UnaryOp::kNegate: return apply([](Vec v) { return -v; });
    case UnaryOp::kSquare: return apply([](Vec v) { return v * v; });
    case UnaryOp::kSquareRoot: return apply([](Vec v) { return squareRoot(v); });
    case UnaryOp::kInverseSquareRoot: return apply([&](Vec v) { return one / squareRoot(v); });
    case UnaryOp::kAbsolute: return apply([](Vec v) { return v < Vec{} ? -v : v; });
    case UnaryOp::kTanh: return apply([](Vec v) { return hyperbolicTangent(v); });
    case UnaryOp::kStep: return apply([&](Vec v) { return v != v ? v : (v > Vec{} ? one : first); });
    case UnaryOp::kLeakyRelu: return apply([&](Vec v) { return v > Vec{} ? v : v * first; });
    case UnaryOp::kClip: return apply([&](Vec v) { return v > second ? second : (v < first ? first : v); });
  }
}

void adamUpdate(ThreadPool& pool, const AdamConstants& k, const AdamArrays& arrays, long size) {
  const Vec beta1 = broadcast(k.beta1), beta2 = broadcast(k.beta2), rest1 = broadcast(1 - k.beta1);
  const Vec rest2 = broadcast(1 - k.beta2), rate = broadcast(k.rate), epsilon = broadcast(k.epsilon);
  const Vec correction = broadcast(k.correction);
  forVectors(pool, size, [&](long i, long rest) {
    const Vec gradient = load(arrays.gradient + i);
    const Vec first = load(arrays.firstMoment + i) * beta1 + gradient * rest1;
    const Vec second = load(arrays.secondMoment + i) * beta2 + gradient * gradient * rest2;
    const Vec deviation = squareRoot(second) / correction + epsilon;
    storeUpTo(arrays.newFirstMoment + i, first, rest);
    storeUpTo(arrays.newSecondMoment + i, second, rest);
    storeUpTo(arrays.newVariable + i, load(arrays.variable + i) - first / deviation * rate, rest);
  });
}

}  // namespace singan::SINGAN_ISA
