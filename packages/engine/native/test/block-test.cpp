// Tensors that are put off: what is joined must be the sum, and whoever asks first must not change the values.
#include "../src/ops/conv-ops.h"
#include "check.h"
#include "reference.h"

namespace singan::test {
namespace {

constexpr double kTolerance = 1e-4;

TensorPtr tensorOf(Machine& machine, const std::vector<float>& values) {
  DensePtr dense = makeDense(machine, values.size());
  for (size_t i = 0; i < values.size(); i++) dense->data()[i] = values[i];
  return std::make_shared<Tensor>(machine, std::move(dense));
}

std::vector<double> sum(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result = a;
  for (size_t i = 0; i < b.size(); i++) result[i] += b[i];
  return result;
}

void testJoinedGradients(Machine& machine, Checker& checker) {
  Random random(4);
  const ConvCase c = {12, 17, 16, 24};
  const std::vector<float> x = random.floats(c.inputSize()), w = random.floats(c.weightSize());
  const std::vector<float> a = random.floats(c.outputSize()), b = random.floats(c.outputSize());
  const TensorPtr weights = tensorOf(machine, w), image = tensorOf(machine, x);
  const TensorPtr first = tensorOf(machine, a), second = tensorOf(machine, b);
  const ImageShape shape = {c.outHeight(), c.outWidth(), c.out}, xShape = {c.height, c.width, c.in};
  const std::string name = machine.kernels.name;

  const TensorPtr da = convInputGrad(machine, first, shape, weights, c.in);
  const TensorPtr both = Tensor::joined(machine, *da, *convInputGrad(machine, second, shape, weights, c.in));
  const std::vector<double> expectedA = inputGradient(c, a, w), expectedB = inputGradient(c, b, w);
  checker.isTrue(name + " joins input gradients of equal weights", both != nullptr);
  checker.close(name + " joined input gradients", both->dense()->data(), sum(expectedA, expectedB), kTolerance);
  checker.close(name + " input gradient after joining", da->dense()->data(), expectedA, kTolerance);
  const TensorPtr other = convInputGrad(machine, first, shape, tensorOf(machine, w), c.in);
  checker.isTrue(name + " keeps apart what has other weights or values already",
                 !Tensor::joined(machine, *da, *other) && !Tensor::joined(machine, *other, *weights));

  const TensorPtr wa = convFilterGrad(machine, image, xShape, first, c.out);
  const TensorPtr wb = convFilterGrad(machine, image, xShape, second, c.out);
  const TensorPtr dw = Tensor::joined(machine, *wa, *wb);
  checker.close(name + " joined weight gradients", dw->dense()->data(),
                sum(weightGradientOf(c, x, a), weightGradientOf(c, x, b)), kTolerance);
  checker.close(name + " weight gradient after joining", wb->dense()->data(), weightGradientOf(c, x, b), kTolerance);
}

// One block with the values of its result taken first, and not: its gradient must have the same bytes.
void testBlockOrder(Machine& machine, Checker& checker) {
  Random random(5);
  const ConvCase c = {10, 13, 3, 20};
  const ImageShape shape = {c.outHeight(), c.outWidth(), c.out};
  const TensorPtr x = tensorOf(machine, random.floats(c.inputSize())), w = tensorOf(machine, random.floats(c.weightSize()));
  const TensorPtr gamma = tensorOf(machine, random.floats(c.out)), beta = tensorOf(machine, random.floats(c.out));
  const TensorPtr dy = tensorOf(machine, random.floats(c.outputSize()));
  std::vector<float> results[2];
  for (int isRead = 0; isRead < 2; isRead++) {
    const BlockOutput block = convBlock(machine, {x, {c.height, c.width, c.in}, w, gamma, beta, 0.2f, 1e-5f});
    if (isRead) block.y->dense();
    const BlockGrad grad = convBlockGrad(machine, dy, block.y->block());
    const DensePtr values = grad.dConvolved->dense();
    results[isRead].assign(values->data(), values->data() + shape.size());
  }
  checker.isTrue(std::string(machine.kernels.name) + " gradient does not depend on who read first",
                 results[0] == results[1]);
}

}  // namespace

void testBlocks(const KernelTable& kernels, Checker& checker) {
  Machine machine(kernels, 2);
  testJoinedGradients(machine, checker);
  testBlockOrder(machine, checker);
}

}  // namespace singan::test
