#pragma once
// The losses of a training step and their gradients as single calls (DiscriminatorGradients and GeneratorGradients of @singan/ops): one
// pass after the other, each forward and backward, so that at no time more images are in use than those of one pass.
#include "net-ops.h"

namespace singan {

struct StepGradients {
  std::vector<float> terms;           // summands of the loss
  std::vector<TensorPtr> statistics;  // of each forward pass, in their order
  std::vector<TensorPtr> parameters;  // gradients
};

struct DiscriminatorInput {
  TensorPtr real, fake;
  ImageShape shape;
  Net discriminator;
  float mix, gradientPenaltyWeight;
};
// Terms: -mean D(real), mean D(fake), weight * penalty at mix real + (1 - mix) fake. Gradients by the parameters of D.
StepGradients discriminatorGradients(Machine& machine, const DiscriminatorInput& input);

struct GeneratorInput {
  TensorPtr real;
  ImageShape shape;
  // Each image is tanh(G(padded)) + previous.
  struct Image {
    TensorPtr padded, previous;
  };
  Image fake, reconstruction;
  Net generator, discriminator;
  float reconstructionWeight;
  std::optional<NetOutput> fakeOutput;  // of G for `fake`, where it is known already
  ImageShape paddedShape() const {
    const int border = 2 * static_cast<int>(generator.layers());
    return {shape.height + border, shape.width + border, shape.channels};
  }
};
// Terms: -mean D(fake), weight * mean square of reconstruction - real. Gradients by the parameters of G; statistics of G's two passes, then
// those of D's.
StepGradients generatorGradients(Machine& machine, const GeneratorInput& input);

}  // namespace singan
