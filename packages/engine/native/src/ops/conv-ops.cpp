#include "conv-ops.h"

#include <cstring>
#include <vector>

#include "array-ops.h"

namespace singan {
namespace {

// A pass over vectors of channels would leave most lanes empty.
constexpr int kFewChannels = 8;

// A row of numbers per channel, padded with zeros as epilogues read them.
ChannelRows paddedRow(Machine& machine, const TensorPtr& values) {
  const int channels = static_cast<int>(values->size());
  ChannelRows rows(machine, channels, 1);
  std::memcpy(rows.row(0), values->dense()->data(), channels * sizeof(float));
  return rows;
}

}  // namespace

TensorPtr channelSums(Machine& machine, const TensorPtr& t, const ImageShape& shape) {
  const RecipePtr image = t->image(shape);
  DensePtr result = makeDense(machine, shape.channels);
  if (image->kind == SourceKind::kPlain && shape.channels < kFewChannels) {
    sumAxis(machine, {1, static_cast<long>(shape.height) * shape.width, shape.channels, 1}, image->first->data(), result->data());
    return std::make_shared<Tensor>(machine, std::move(result));
  }
  std::vector<double> sums(static_cast<size_t>(kMaxSums) * paddedChannels(shape.channels));
  Epilogue epilogue{};
  epilogue.kind = EpilogueKind::kMoments;
  epilogue.sums = sums.data();
  machine.kernels.reduce(machine.threads, image->source(), epilogue);
  for (int k = 0; k < shape.channels; k++) result->data()[k] = static_cast<float>(sums[k]);
  return std::make_shared<Tensor>(machine, std::move(result));
}

TensorPtr conv(Machine& machine, const TensorPtr& x, const ImageShape& xShape, const TensorPtr& weights, int out) {
  return std::make_shared<Tensor>(
      machine, PendingConv{{x->image(xShape)}, weights->dense(), xShape.channels, out, false});
}

TensorPtr convInputGrad(Machine& machine, const TensorPtr& dConvolved, const ImageShape& shape,
                        const TensorPtr& weights, int in) {
  return std::make_shared<Tensor>(
      machine, PendingConv{{dConvolved->image(shape)}, weights->dense(), in, shape.channels, true});
}

TensorPtr convFilterGrad(Machine& machine, const TensorPtr& x, const ImageShape& xShape, const TensorPtr& dConvolved,
                         int out) {
  const ImageShape shape = {xShape.height - 2, xShape.width - 2, out};
  return std::make_shared<Tensor>(machine, PendingWeightGradient{{{x->image(xShape), dConvolved->image(shape)}}});
}

TensorPtr convActivation(Machine& machine, const TensorPtr& x, const ImageShape& xShape, const TensorPtr& weights,
                         const TensorPtr& bias, float slope) {
  const int out = static_cast<int>(bias->size());
  const ChannelRows shift = paddedRow(machine, bias);
  Epilogue epilogue{};
  epilogue.kind = EpilogueKind::kBiasActivation;
  epilogue.shift = shift.row(0);
  epilogue.slope = slope;
  const RecipePtr image = x->image(xShape);
  DensePtr result = makeDense(machine, ImageShape{xShape.height - 2, xShape.width - 2, out}.size());
  const float* prepared = weights->dense()->preparedWeights(xShape.channels, out, false, tilingOf(epilogue.kind));
  machine.kernels.convolve(machine.threads, image->source(), prepared, out, 0, epilogue, result->data());
  return std::make_shared<Tensor>(machine, std::move(result));
}

TensorPtr masked(Machine& machine, const TensorPtr& t, const TensorPtr& y, const ImageShape& shape, float slope) {
  if (slope == 1) return t;
  auto recipe = std::make_shared<Recipe>();
  recipe->kind = SourceKind::kMaskedGradient;
  recipe->shape = shape;
  recipe->first = t->dense();
  recipe->mask = y->dense();
  recipe->slope = slope;
  return std::make_shared<Tensor>(machine, RecipePtr(std::move(recipe)));
}

ConvActivationGrad convActivationGrad(Machine& machine, const TensorPtr& dy, const TensorPtr& y,
                                      const ImageShape& shape, float slope) {
  const TensorPtr dConvolved = masked(machine, dy, y, shape, slope);
  return {dConvolved, channelSums(machine, dConvolved, shape)};
}

}  // namespace singan
