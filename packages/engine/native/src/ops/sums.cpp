#include "sums.h"

namespace singan {
namespace {

RecipePtr sumOfTwo(Machine& machine, const RecipePtr& a, const RecipePtr& b) {
  if (a->sum && a->sumPartner.lock() == b) return a->sum;
  if (b->sum && b->sumPartner.lock() == a) return b->sum;
  a->sum = plainRecipe(evaluate(machine, {a, b}), a->shape);
  a->sumPartner = b;
  return a->sum;
}

// Pairs with one x and gradients of one shape are one pair with the sum of the gradients.
std::vector<PendingWeightGradient::Pair> joinedPairs(Machine& machine, const PendingWeightGradient& gradient) {
  std::vector<PendingWeightGradient::Pair> joined;
  for (const auto& pair : gradient.pairs) {
    bool isFound = false;
    for (auto& known : joined) {
      if (known.x != pair.x) continue;
      known.dy = sumOfTwo(machine, known.dy, pair.dy);
      isFound = true;
      break;
    }
    if (!isFound) joined.push_back(pair);
  }
  return joined;
}

}  // namespace

DensePtr evaluate(Machine& machine, const std::vector<RecipePtr>& images) {
  std::vector<Source> sources;
  for (const RecipePtr& image : images) sources.push_back(image->source());
  DensePtr result = makeDense(machine, images[0]->shape.size());
  machine.kernels.evaluate(machine.threads, sources.data(), static_cast<int>(sources.size()), result->data());
  return result;
}

RecipePtr sumOf(Machine& machine, const std::vector<RecipePtr>& images) {
  if (images.size() == 1) return images[0];
  if (images.size() == 2) return sumOfTwo(machine, images[0], images[1]);
  return plainRecipe(evaluate(machine, images), images[0]->shape);
}

DensePtr computeWeightGradient(Machine& machine, const PendingWeightGradient& gradient) {
  const auto joined = joinedPairs(machine, gradient);
  std::vector<Source> sources;
  for (const auto& pair : joined) {
    sources.push_back(pair.x->source());
    sources.push_back(pair.dy->source());
  }
  std::vector<GradientPair> pairs;
  for (size_t i = 0; i < sources.size(); i += 2) pairs.push_back({&sources[i], &sources[i + 1]});
  DensePtr result = makeDense(machine, gradient.size());
  machine.kernels.weightGradient(machine.threads, pairs.data(), static_cast<int>(pairs.size()), result->data());
  return result;
}

}  // namespace singan
