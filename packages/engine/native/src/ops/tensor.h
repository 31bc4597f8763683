#pragma once
// A tensor of the backend: values in memory, or a promise to compute them when they are asked for. What is put off is
// put off because the next kernel may have a cheaper way to what it needs:
//   a recipe         the convolution that reads it computes it on the way, tile by tile
//   a convolution    whoever asks for it can have sums over its result made on the way; and two with the same weights that
//                    are added become one convolution of the sum of their inputs (the backward passes of the gradient
//                    penalty meet like that)
//   a weight gradient   those that are added become one, transformed back once
// Sharing a tensor (Identity, Reshape) shares the promise and its fulfilment.
#include <memory>
#include <vector>

#include "recipe.h"

namespace singan {

// Valid convolution of the sum of the inputs; turned: its gradient by the input, [height + 2][width + 2].
struct PendingConv {
  std::vector<RecipePtr> inputs;
  DensePtr weights;
  int in, out;  // of the weights
  bool isTurned;
  ImageShape shape() const {
    const ImageShape& from = inputs[0]->shape;
    const int grow = isTurned ? 2 : -2;
    return {from.height + grow, from.width + grow, isTurned ? in : out};
  }
};

struct PendingWeightGradient {
  struct Pair {
    RecipePtr x, dy;
  };
  std::vector<Pair> pairs;
  size_t size() const {
    return size_t{9} * pairs[0].x->shape.channels * pairs[0].dy->shape.channels;
  }
};

// What a kernel leaves for its derivatives, behind a tensor without values.
struct Attachment {
  virtual ~Attachment() = default;
};

class Tensor {
 public:
  Tensor(Machine& machine, DensePtr dense) : machine_(machine), size_(dense->size()), dense_(std::move(dense)) {}
  Tensor(Machine& machine, RecipePtr recipe)
      : machine_(machine), size_(recipe->shape.size()), recipe_(std::move(recipe)) {}
  Tensor(Machine& machine, PendingConv conv);
  Tensor(Machine& machine, PendingWeightGradient gradient);
  Tensor(Machine& machine, std::shared_ptr<const Attachment> attachment)
      : machine_(machine), size_(0), dense_(makeDense(machine, 0)), attachment_(std::move(attachment)) {}

  size_t size() const { return size_; }
  bool isPending() const { return !dense_; }

  // The values, computed now if they are not there yet.
  const DensePtr& dense();

  // The values as an image of this shape, which must fit the size.
  RecipePtr image(const ImageShape& shape);

  // The values, and the sums over their pixels that the epilogue asks for, made on the way if they are not there yet.
  const DensePtr& denseWithSums(const ImageShape& shape, const Epilogue& epilogue);

  // The block this is the result of, or null.
  BlockPtr block() const;

  // What it is put off as, or null.
  const RecipePtr& recipe() const { return recipe_; }

  // What was left for a derivative, or null when it is not of this kind.
  template <class Kind>
  std::shared_ptr<const Kind> attachment() const {
    return std::dynamic_pointer_cast<const Kind>(attachment_);
  }

  // The sum of two promises as one promise, or null when they do not go together.
  static std::shared_ptr<Tensor> joined(Machine& machine, const Tensor& a, const Tensor& b);

 private:
  void convolve(const Epilogue& epilogue);

  Machine& machine_;
  const size_t size_;
  DensePtr dense_;
  RecipePtr recipe_;
  std::unique_ptr<PendingConv> conv_;
  std::unique_ptr<PendingWeightGradient> weightGradient_;
  std::shared_ptr<const Attachment> attachment_;
};

using TensorPtr = std::shared_ptr<Tensor>;

}  // namespace singan
