#include "array-functions.h"

#include <cstring>

#include "../ops/array-ops.h"
#include "../ops/strided-copy.h"

namespace singan {
namespace {

constexpr int64_t kMaxSize = int64_t{1} << 31;

size_t takeTensorSize(Arguments& arguments) {
  const double size = arguments.number("size");
  if (!(size >= 0 && size < static_cast<double>(kMaxSize)) || size != static_cast<double>(static_cast<int64_t>(size))) {
    throw std::invalid_argument("expected the size of a tensor");
  }
  return static_cast<size_t>(size);
}

napi_value resultOf(Arguments& arguments, DensePtr values) {
  return arguments.tensorResult(std::make_shared<Tensor>(arguments.machine(), std::move(values)));
}

int takeImageChannels(Arguments& arguments, const TensorPtr& image) {
  const int channels = arguments.length("channels");
  if (image->size() == 0 || image->size() % channels != 0) {
    throw std::invalid_argument("the channels do not divide the size of the image");
  }
  return channels;
}

}  // namespace

napi_value jsWrite(Arguments& arguments) {
  const Arguments::Floats values = arguments.floats("values");
  DensePtr dense = makeDense(arguments.machine(), values.length);
  if (values.length > 0) std::memcpy(dense->data(), values.data, values.length * sizeof(float));
  return resultOf(arguments, std::move(dense));
}

napi_value jsSize(Arguments& arguments) {
  return arguments.numberResult(static_cast<double>(arguments.tensor("tensor")->size()));
}

napi_value jsRead(Arguments& arguments) {
  const TensorPtr tensor = arguments.tensor("tensor");
  const Arguments::Floats to = arguments.floats("to");
  if (to.length != tensor->size()) throw std::invalid_argument("the array to read to has another size than the tensor");
  if (to.length > 0) std::memcpy(to.data, tensor->dense()->data(), to.length * sizeof(float));
  return nullptr;
}

napi_value jsRelease(Arguments& arguments) {
  arguments.session().release(arguments.integer("tensor", 0, INT32_MAX));
  return nullptr;
}

napi_value jsFill(Arguments& arguments) {
  const size_t size = takeTensorSize(arguments);
  const float value = static_cast<float>(arguments.number("value"));
  DensePtr dense = makeDense(arguments.machine(), size);
  for (size_t i = 0; i < size; i++) dense->data()[i] = value;
  return resultOf(arguments, std::move(dense));
}

napi_value jsAssemble(Arguments& arguments) {
  const size_t size = takeTensorSize(arguments);
  const float value = static_cast<float>(arguments.number("value"));
  const Arguments::Integers copies = arguments.integers("copies");
  const Arguments::Integers sources = arguments.integers("sources");
  if (copies.length != sources.length * StridedCopy::kNumbers) throw std::invalid_argument("a copy is incomplete");
  DensePtr dense = makeDense(arguments.machine(), size);
  for (size_t i = 0; i < size; i++) dense->data()[i] = value;
  for (size_t i = 0; i < sources.length; i++) {
    const DensePtr& from = arguments.session().at(sources.data[i])->dense();
    StridedCopy copy;
    static_assert(sizeof copy == StridedCopy::kNumbers * sizeof(int32_t), "a StridedCopy is a row of numbers");
    std::memcpy(&copy, copies.data + i * StridedCopy::kNumbers, sizeof copy);
    checkBounds(copy, from->size(), size);
    stridedCopy(copy, from->data(), dense->data());
  }
  return resultOf(arguments, std::move(dense));
}

napi_value jsBinary(Arguments& arguments) {
  const BinaryOp op = static_cast<BinaryOp>(arguments.integer("op", 0, kBinaryOps - 1));
  const TensorPtr a = arguments.tensor("a"), b = arguments.tensor("b");
  if (op == BinaryOp::kAdd) {
    if (TensorPtr joined = Tensor::joined(arguments.machine(), *a, *b)) return arguments.tensorResult(std::move(joined));
  }
  const size_t size = a->size() > b->size() ? a->size() : b->size();
  if (a->size() == 0 || b->size() == 0) throw std::invalid_argument("an operand is empty");
  for (const TensorPtr& operand : {a, b}) {
    if (operand->size() != size && operand->size() != 1) throw std::invalid_argument("operands differ in size");
  }
  DensePtr result = makeDense(arguments.machine(), size);
  const Operand left = {a->dense()->data(), a->size() == 1 && size > 1};
  const Operand right = {b->dense()->data(), b->size() == 1 && size > 1};
  arguments.machine().kernels.binary(arguments.machine().threads, op, left, right, result->data(), size);
  return resultOf(arguments, std::move(result));
}

napi_value jsUnary(Arguments& arguments) {
  UnaryCall call;
  call.op = static_cast<UnaryOp>(arguments.integer("op", 0, kUnaryOps - 1));
  const TensorPtr x = arguments.tensor("x");
  call.first = static_cast<float>(arguments.number("first"));
  call.second = static_cast<float>(arguments.number("second"));
  DensePtr result = makeDense(arguments.machine(), x->size());
  arguments.machine().kernels.unary(arguments.machine().threads, call, x->dense()->data(), result->data(), x->size());
  return resultOf(arguments, std::move(result));
}

napi_value jsSum(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  Reduction reduction;
  reduction.outer = arguments.integer("outer", 1, INT32_MAX);
  reduction.reduced = arguments.integer("reduced", 1, INT32_MAX);
  reduction.inner = arguments.integer("inner", 1, INT32_MAX);
  reduction.factor = arguments.number("factor");
  const size_t size = x->size();
  if (reduction.outer > static_cast<long>(size) || reduction.inner > static_cast<long>(size) ||
      static_cast<size_t>(reduction.outer) * reduction.inner * reduction.reduced != size) {
    throw std::invalid_argument("the axes do not make up the tensor");
  }
  DensePtr result = makeDense(arguments.machine(), reduction.outer * reduction.inner);
  sumAxis(arguments.machine(), reduction, x->dense()->data(), result->data());
  return resultOf(arguments, std::move(result));
}

napi_value jsNoise(Arguments& arguments) {
  const size_t size = takeTensorSize(arguments);
  NoiseKey key;
  key.seed = arguments.word("seed");
  key.stream = arguments.word("stream");
  key.counter[0] = arguments.word("counter");
  key.counter[1] = arguments.word("counter");
  DensePtr result = makeDense(arguments.machine(), size);
  normalNoise(arguments.machine(), key, result->data(), static_cast<long>(size));
  return resultOf(arguments, std::move(result));
}

namespace {

ResizeAxis takeAxis(Arguments& arguments) {
  const int input = arguments.length("input"), output = arguments.length("output");
  const Arguments::Integers positions = arguments.integers("positions");
  const Arguments::Floats values = arguments.floats("values");
  if (positions.length == 0 || positions.length % output != 0 || values.length != positions.length) {
    throw std::invalid_argument("a resize needs as many positions and weights for each output");
  }
  for (size_t i = 0; i < positions.length; i++) {
    if (positions.data[i] < 0 || positions.data[i] >= input) throw std::invalid_argument("a position lies outside");
  }
  return {input, output, static_cast<int>(positions.length / output), positions.data, values.data};
}

}  // namespace

napi_value jsResize(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  const int channels = takeImageChannels(arguments, x);
  const ResizeAxis rows = takeAxis(arguments), columns = takeAxis(arguments);
  if (static_cast<size_t>(rows.input) * columns.input * channels != x->size()) {
    throw std::invalid_argument("the axes do not make up the image");
  }
  DensePtr result = makeDense(arguments.machine(), static_cast<size_t>(rows.output) * columns.output * channels);
  resize(arguments.machine(), rows, columns, channels, x->dense()->data(), result->data());
  return resultOf(arguments, std::move(result));
}

napi_value jsGradientPenalty(Arguments& arguments) {
  const TensorPtr gradient = arguments.tensor("gradient");
  const int channels = takeImageChannels(arguments, gradient);
  DensePtr result = makeDense(arguments.machine(), 1);
  const long pixels = static_cast<long>(gradient->size()) / channels;
  result->data()[0] =
      static_cast<float>(gradientPenalty(arguments.machine(), gradient->dense()->data(), pixels, channels));
  return resultOf(arguments, std::move(result));
}

napi_value jsGradientPenaltyGrad(Arguments& arguments) {
  const TensorPtr gradient = arguments.tensor("gradient");
  const int channels = takeImageChannels(arguments, gradient);
  const TensorPtr dy = arguments.tensor("dy");
  if (dy->size() != 1) throw std::invalid_argument("expected dy to be a scalar");
  const long pixels = static_cast<long>(gradient->size()) / channels;
  DensePtr result = makeDense(arguments.machine(), gradient->size());
  const float factor = dy->dense()->data()[0] * 2 / static_cast<float>(pixels);
  gradientPenaltyGrad(arguments.machine(), gradient->dense()->data(), pixels, channels, factor, result->data());
  return resultOf(arguments, std::move(result));
}

}  // namespace singan
