// ConvBlock and its two derivatives: all that is done per pixel happens in the convolutions around (recipes when they read,
// epilogues when they write); here are the numbers per channel.
#include <cmath>
#include <stdexcept>
#include <vector>

#include "conv-ops.h"

namespace singan {
namespace {

std::vector<double> sumsFor(int channels) {
  return std::vector<double>(static_cast<size_t>(kMaxSums) * paddedChannels(channels));
}

struct ChannelStatistics {
  const float *mean, *variance, *gamma, *beta;
  float epsilon;
};

BlockPtr makeBlock(Machine& machine, DensePtr c, const ImageShape& shape, const ChannelStatistics& statistics,
                   float slope) {
  Block block{std::move(c), shape, slope, ChannelRows(machine, shape.channels, 4)};
  for (int k = 0; k < shape.channels; k++) {
    const double inverse = 1 / std::sqrt(static_cast<double>(statistics.variance[k]) + statistics.epsilon);
    const double scale = statistics.gamma[k] * inverse;
    block.constants.row(0)[k] = static_cast<float>(scale);
    block.constants.row(1)[k] = static_cast<float>(statistics.beta[k] - scale * statistics.mean[k]);
    block.constants.row(2)[k] = static_cast<float>(inverse);
    block.constants.row(3)[k] = static_cast<float>(inverse * statistics.mean[k]);
  }
  return std::make_shared<Block>(std::move(block));
}

TensorPtr activated(Machine& machine, const BlockPtr& block) {
  auto recipe = std::make_shared<Recipe>();
  recipe->kind = SourceKind::kActivated;
  recipe->shape = block->shape;
  recipe->first = block->c;
  recipe->block = block;
  recipe->slope = block->slope;
  return std::make_shared<Tensor>(machine, RecipePtr(std::move(recipe)));
}

Epilogue epilogueOf(const Block& block, EpilogueKind kind, double* sums) {
  Epilogue epilogue{};
  epilogue.kind = kind;
  epilogue.c = block.c->data();
  epilogue.scale = block.scale();
  epilogue.shift = block.shift();
  epilogue.inverse = block.inverse();
  epilogue.centre = block.centre();
  epilogue.slope = block.slope;
  epilogue.sums = sums;
  return epilogue;
}

// Sums of dz and dz n.
const std::vector<double>& gradientSums(const TensorPtr& dy, const BlockPtr& block) {
  if (!dy->isPending() && dy->dense()->gradientSums.block == block) return dy->dense()->gradientSums.sums;
  std::vector<double> sums = sumsFor(block->shape.channels);
  const DensePtr& dense =
      dy->denseWithSums(block->shape, epilogueOf(*block, EpilogueKind::kFirstOrder, sums.data()));
  dense->gradientSums = {block, std::move(sums)};
  return dense->gradientSums.sums;
}

std::shared_ptr<Recipe> gradientRecipe(Machine& machine, SourceKind kind, const BlockPtr& block, DensePtr first) {
  auto recipe = std::make_shared<Recipe>();
  recipe->kind = kind;
  recipe->shape = block->shape;
  recipe->first = std::move(first);
  recipe->block = block;
  recipe->factors = std::make_shared<ChannelRows>(machine, block->shape.channels, kFactorRows);
  recipe->slope = block->slope;
  return recipe;
}

// Makes the recipe's b c + d of `factor` n + `offset`.
void setNormalisedFactor(Recipe& recipe, int k, double factor, double offset) {
  recipe.factors->row(kFactorB)[k] = static_cast<float>(factor * recipe.block->inverse()[k]);
  recipe.factors->row(kFactorD)[k] = static_cast<float>(offset - factor * recipe.block->centre()[k]);
}

TensorPtr tensorOf(Machine& machine, std::shared_ptr<Recipe> recipe) {
  return std::make_shared<Tensor>(machine, RecipePtr(std::move(recipe)));
}

TensorPtr tensorOf(Machine& machine, DensePtr values) { return std::make_shared<Tensor>(machine, std::move(values)); }

}  // namespace

BlockOutput convBlock(Machine& machine, const BlockInput& input) {
  const int out = static_cast<int>(input.gamma->size());
  const ImageShape shape = {input.xShape.height - 2, input.xShape.width - 2, out};
  std::vector<double> sums = sumsFor(out);
  Epilogue epilogue{};
  epilogue.kind = EpilogueKind::kMoments;
  epilogue.sums = sums.data();
  const DensePtr c =
      conv(machine, input.x, input.xShape, input.weights, out)->denseWithSums(shape, epilogue);
  const DensePtr mean = makeDense(machine, out), variance = makeDense(machine, out);
  const double pixels = static_cast<double>(shape.height) * shape.width;
  const double* squares = sums.data() + paddedChannels(out);
  for (int k = 0; k < out; k++) {
    const double centre = sums[k] / pixels, spread = squares[k] / pixels - centre * centre;
    mean->data()[k] = static_cast<float>(centre);
    // Written so that NaN stays NaN.
    variance->data()[k] = static_cast<float>(spread < 0 ? 0 : spread);
  }
  const ChannelStatistics statistics = {mean->data(), variance->data(), input.gamma->dense()->data(),
                                        input.beta->dense()->data(), input.epsilon};
  const BlockPtr block = makeBlock(machine, c, shape, statistics, input.slope);
  return {activated(machine, block), tensorOf(machine, mean), tensorOf(machine, variance)};
}

// dConvolved = gamma s (dz - mean(dz) - n mean(dz n))
BlockGrad convBlockGrad(Machine& machine, const TensorPtr& dy, const BlockPtr& block) {
  const int channels = block->shape.channels, padded = paddedChannels(channels);
  const double pixels = static_cast<double>(block->shape.height) * block->shape.width;
  const std::vector<double>& sums = gradientSums(dy, block);
  const auto recipe = gradientRecipe(machine, SourceKind::kNormGradient, block, dy->dense());
  const DensePtr dGamma = makeDense(machine, channels), dBeta = makeDense(machine, channels);
  for (int k = 0; k < channels; k++) {
    const double scale = block->scale()[k];
    recipe->factors->row(kFactorA)[k] = static_cast<float>(scale);
    setNormalisedFactor(*recipe, k, -scale * sums[padded + k] / pixels, -scale * sums[k] / pixels);
    dBeta->data()[k] = static_cast<float>(sums[k]);
    dGamma->data()[k] = static_cast<float>(sums[padded + k]);
  }
  return {tensorOf(machine, recipe), tensorOf(machine, dGamma), tensorOf(machine, dBeta)};
}

// dDy = m gamma s (r - mean(r) - n mean(r n));   dGamma = sum(s P(dz) r);
// dConvolved = s P(h) - s n mean(r gamma s P(dz)),   h = -gamma s (r mean(dz n) + dz mean(r n)).
// P subtracts the means of h and h n, which follow from those of r and dz.
BlockGradGrad convBlockGradGrad(Machine& machine, const TensorPtr& r, const TensorPtr& dy, const BlockPtr& block) {
  const int channels = block->shape.channels, padded = paddedChannels(channels);
  const double pixels = static_cast<double>(block->shape.height) * block->shape.width;
  const std::vector<double>& gradient = gradientSums(dy, block);
  std::vector<double> sums = sumsFor(channels);
  Epilogue epilogue = epilogueOf(*block, EpilogueKind::kSecondOrder, sums.data());
  epilogue.dy = dy->dense()->data();
  const DensePtr values = r->denseWithSums(block->shape, epilogue);
  const auto dDy = gradientRecipe(machine, SourceKind::kMaskedProjection, block, values);
  const auto dConvolved = gradientRecipe(machine, SourceKind::kSecondGradient, block, values);
  dConvolved->third = dy->dense();
  const DensePtr dGamma = makeDense(machine, channels);
  for (int k = 0; k < channels; k++) {
    const double scale = block->scale()[k], s = block->inverse()[k];
    const double dz = gradient[k] / pixels, dzn = gradient[padded + k] / pixels;
    const double r1 = sums[k] / pixels, rn = sums[padded + k] / pixels, rdz = sums[2 * padded + k] / pixels;
    const double projected = rdz - dz * r1 - dzn * rn;  // mean of P(dz) r
    dDy->factors->row(kFactorA)[k] = static_cast<float>(scale);
    setNormalisedFactor(*dDy, k, -scale * rn, -scale * r1);
    dConvolved->factors->row(kFactorA)[k] = static_cast<float>(-s * scale * dzn);
    dConvolved->factors->row(kFactorE)[k] = static_cast<float>(-s * scale * rn);
    setNormalisedFactor(*dConvolved, k, s * scale * (2 * rn * dzn - projected), s * scale * (r1 * dzn + dz * rn));
    dGamma->data()[k] = static_cast<float>(s * projected * pixels);
  }
  return {tensorOf(machine, dDy), tensorOf(machine, dConvolved), tensorOf(machine, dGamma)};
}

TensorPtr sumOfGradients(Machine& machine, const TensorPtr& second, const TensorPtr& first) {
  const RecipePtr a = second->recipe(), b = first->recipe();
  const auto sum = gradientRecipe(machine, SourceKind::kSumOfGradients, a->block, a->first);
  sum->third = a->third;
  sum->fourth = b->first;
  for (int k = 0; k < a->shape.channels; k++) {
    for (const int row : {kFactorB, kFactorD}) sum->factors->row(row)[k] = a->factors->row(row)[k] + b->factors->row(row)[k];
    sum->factors->row(kFactorA)[k] = a->factors->row(kFactorA)[k];
    sum->factors->row(kFactorE)[k] = a->factors->row(kFactorE)[k];
    sum->factors->row(kFactorF)[k] = b->factors->row(kFactorA)[k];
  }
  return tensorOf(machine, sum);
}

}  // namespace singan
