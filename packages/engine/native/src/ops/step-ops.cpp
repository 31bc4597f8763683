#include "step-ops.h"

#include "array-ops.h"

namespace singan {
namespace {

TensorPtr tensorOf(Machine& machine, DensePtr values) { return std::make_shared<Tensor>(machine, std::move(values)); }

TensorPtr filled(Machine& machine, size_t size, float value) {
  DensePtr values = makeDense(machine, size);
  for (size_t i = 0; i < size; i++) values->data()[i] = value;
  return tensorOf(machine, std::move(values));
}

float meanOf(Machine& machine, const DensePtr& values) {
  const long size = static_cast<long>(values->size());
  float mean;
  sumAxis(machine, {1, size, 1, 1.0 / static_cast<double>(size)}, values->data(), &mean);
  return mean;
}

// A constant operand holds for all values.
struct Factor {
  float value;
  operator Operand() const { return {&value, true}; }
};

DensePtr binary(Machine& machine, BinaryOp op, const DensePtr& a, Operand b) {
  DensePtr result = makeDense(machine, a->size());
  machine.kernels.binary(machine.threads, op, {a->data(), false}, b, result->data(), static_cast<long>(a->size()));
  return result;
}

DensePtr binary(Machine& machine, BinaryOp op, const DensePtr& a, const DensePtr& b) {
  return binary(machine, op, a, Operand{b->data(), false});
}

NetOutput generatorPass(Machine& machine, const GeneratorInput& input, const GeneratorInput::Image& from) {
  return netForward(machine, input.generator, from.padded, input.paddedShape());
}

// An image of the generator and the way back to its net's output.
struct Generated {
  NetPassPtr pass;
  TensorPtr statistics;
  DensePtr tanh, image;
};

Generated generate(Machine& machine, const NetOutput& output, const GeneratorInput::Image& from) {
  const DensePtr& y = output.y->dense();
  DensePtr tanh = makeDense(machine, y->size());
  machine.kernels.unary(machine.threads, {UnaryOp::kTanh, 0, 0}, y->data(), tanh->data(), static_cast<long>(y->size()));
  DensePtr image = binary(machine, BinaryOp::kAdd, tanh, from.previous->dense());
  return {output.pass, output.statistics, std::move(tanh), std::move(image)};
}

void addGradients(Machine& machine, const Generated& generated, const DensePtr& dImage, ParameterGradients& sums) {
  DensePtr dy = binary(machine, BinaryOp::kTanhGradient, dImage, generated.tanh);
  netGrad(machine, tensorOf(machine, std::move(dy)), generated.pass, &sums);
}

struct Scored {
  float mean;
  TensorPtr statistics;
  TensorPtr dImage;  // put off
};

// The mean of D's scores and the gradient of sign * mean: by the image, and to `sums` by the parameters.
Scored score(Machine& machine, const Net& net, const TensorPtr& image, const ImageShape& shape, float sign,
             ParameterGradients* sums) {
  const NetOutput output = netForward(machine, net, image, shape);
  const DensePtr& y = output.y->dense();
  const TensorPtr dy = filled(machine, y->size(), sign / static_cast<float>(y->size()));
  return {meanOf(machine, y), output.statistics, netGrad(machine, dy, output.pass, sums).dx};
}

struct Penalty {
  float value;
  TensorPtr statistics;
};

Penalty addPenalty(Machine& machine, const DiscriminatorInput& input, ParameterGradients& sums) {
  const Factor mix = {input.mix}, rest = {1 - input.mix}, weight = {input.gradientPenaltyWeight};
  const TensorPtr between = tensorOf(
      machine, binary(machine, BinaryOp::kAdd, binary(machine, BinaryOp::kMultiply, input.real->dense(), mix),
                      binary(machine, BinaryOp::kMultiply, input.fake->dense(), rest)));
  const NetOutput output = netForward(machine, input.discriminator, between, input.shape);
  const NetGrad first = netGrad(machine, filled(machine, output.y->size(), 1), output.pass);
  const float* gradient = first.dx->dense()->data();
  const long pixels = static_cast<long>(input.shape.height) * input.shape.width;
  const double value = gradientPenalty(machine, gradient, pixels, input.shape.channels);
  DensePtr u = makeDense(machine, input.shape.size());
  gradientPenaltyGrad(machine, gradient, pixels, input.shape.channels, weight.value * 2 / static_cast<float>(pixels), u->data());
  netGradGrad(machine, tensorOf(machine, std::move(u)), first.gradient, &sums);
  return {static_cast<float>(weight.value * value), output.statistics};
}

struct Adversarial {
  float term;
  TensorPtr generator, discriminator;  // statistics
};

Adversarial addAdversarial(Machine& machine, const GeneratorInput& input, ParameterGradients& sums) {
  const Generated fake =
      generate(machine, input.fakeOutput ? *input.fakeOutput : generatorPass(machine, input, input.fake), input.fake);
  const Scored scored =
      score(machine, input.discriminator, tensorOf(machine, fake.image), input.shape, -1, nullptr);
  addGradients(machine, fake, scored.dImage->dense(), sums);
  return {-scored.mean, fake.statistics, scored.statistics};
}

struct Reconstruction {
  float term;
  TensorPtr generator;  // statistics
};

Reconstruction addReconstruction(Machine& machine, const GeneratorInput& input, ParameterGradients& sums) {
  const NetOutput output = generatorPass(machine, input, input.reconstruction);
  const Generated made = generate(machine, output, input.reconstruction);
  const DensePtr error = binary(machine, BinaryOp::kSubtract, made.image, input.real->dense());
  const float squares = meanOf(machine, binary(machine, BinaryOp::kMultiply, error, error));
  const Factor slope = {2 * input.reconstructionWeight / static_cast<float>(error->size())};
  addGradients(machine, made, binary(machine, BinaryOp::kMultiply, error, slope), sums);
  return {input.reconstructionWeight * squares, made.statistics};
}

}  // namespace

StepGradients discriminatorGradients(Machine& machine, const DiscriminatorInput& input) {
  ParameterGradients sums(machine, input.discriminator.layers());
  // Each in turn, so that its images are free for the next.
  Scored real = score(machine, input.discriminator, input.real, input.shape, -1, &sums);
  real.dImage.reset();
  Scored fake = score(machine, input.discriminator, input.fake, input.shape, 1, &sums);
  fake.dImage.reset();
  const Penalty penalty = addPenalty(machine, input, sums);
  return {{-real.mean, fake.mean, penalty.value},
          {real.statistics, fake.statistics, penalty.statistics},
          sums.take()};
}

StepGradients generatorGradients(Machine& machine, const GeneratorInput& input) {
  ParameterGradients sums(machine, input.generator.layers());
  const Adversarial adversarial = addAdversarial(machine, input, sums);
  const Reconstruction reconstruction = addReconstruction(machine, input, sums);
  return {{adversarial.term, reconstruction.term},
          {adversarial.generator, reconstruction.generator, adversarial.discriminator},
          sums.take()};
}

}  // namespace singan
