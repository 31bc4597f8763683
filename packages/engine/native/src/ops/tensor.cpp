#include "tensor.h"

#include <stdexcept>

#include "sums.h"

namespace singan {
namespace {

constexpr Epilogue kNoEpilogue{};

}  // namespace

Tensor::Tensor(Machine& machine, PendingConv conv)
    : machine_(machine), size_(conv.shape().size()), conv_(std::make_unique<PendingConv>(std::move(conv))) {}

Tensor::Tensor(Machine& machine, PendingWeightGradient gradient)
    : machine_(machine),
      size_(gradient.size()),
      weightGradient_(std::make_unique<PendingWeightGradient>(std::move(gradient))) {}

const DensePtr& Tensor::dense() {
  if (dense_) return dense_;
  if (conv_) {
    convolve(kNoEpilogue);
  } else if (weightGradient_) {
    dense_ = computeWeightGradient(machine_, *weightGradient_);
    weightGradient_.reset();
  } else {
    dense_ = evaluate(machine_, {recipe_});
  }
  return dense_;
}

RecipePtr Tensor::image(const ImageShape& shape) {
  if (shape.size() != size_) throw std::invalid_argument("a tensor has another size than its shape");
  if (recipe_ && recipe_->shape == shape) return recipe_;
  RecipePtr plain = plainRecipe(dense(), shape);
  if (!recipe_) recipe_ = plain;
  return plain;
}

const DensePtr& Tensor::denseWithSums(const ImageShape& shape, const Epilogue& epilogue) {
  if (!dense_ && conv_ && conv_->shape() == shape) {
    convolve(epilogue);
  } else {
    machine_.kernels.reduce(machine_.threads, plainRecipe(dense(), shape)->source(), epilogue);
  }
  return dense_;
}

BlockPtr Tensor::block() const {
  return recipe_ && recipe_->kind == SourceKind::kActivated ? recipe_->block : nullptr;
}

void Tensor::convolve(const Epilogue& epilogue) {
  const RecipePtr input = sumOf(machine_, conv_->inputs);
  DensePtr result = makeDense(machine_, size_);
  const float* weights = conv_->weights->preparedWeights(conv_->in, conv_->out, conv_->isTurned, tilingOf(epilogue.kind));
  machine_.kernels.convolve(machine_.threads, input->source(), weights, conv_->shape().channels, conv_->isTurned ? 2 : 0,
                            epilogue, result->data());
  dense_ = std::move(result);
  conv_.reset();
}

TensorPtr Tensor::joined(Machine& machine, const Tensor& a, const Tensor& b) {
  if (a.dense_ || b.dense_ || a.size_ != b.size_) return nullptr;
  if (a.conv_ && b.conv_) {
    const bool isSame = a.conv_->weights == b.conv_->weights && a.conv_->isTurned == b.conv_->isTurned &&
                        a.conv_->shape() == b.conv_->shape();
    if (!isSame) return nullptr;
    PendingConv both = *a.conv_;
    both.inputs.insert(both.inputs.end(), b.conv_->inputs.begin(), b.conv_->inputs.end());
    return std::make_shared<Tensor>(machine, std::move(both));
  }
  if (a.weightGradient_ && b.weightGradient_) {
    const auto channelsOf = [](const Tensor& t) { return t.weightGradient_->pairs[0].x->shape.channels; };
    if (channelsOf(a) != channelsOf(b)) return nullptr;
    PendingWeightGradient both = *a.weightGradient_;
    both.pairs.insert(both.pairs.end(), b.weightGradient_->pairs.begin(), b.weightGradient_->pairs.end());
    return std::make_shared<Tensor>(machine, std::move(both));
  }
  return nullptr;
}

}  // namespace singan
