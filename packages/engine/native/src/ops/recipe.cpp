#include "recipe.h"

#include <cstring>

namespace singan {

ChannelRows::ChannelRows(Machine& machine, int channels, int rows)
    : padded_(paddedChannels(channels)), rows_(makeDense(machine, static_cast<size_t>(padded_) * rows)) {
  std::memset(rows_->data(), 0, rows_->size() * sizeof(float));
}

Source Recipe::source() const {
  Source source{};
  source.kind = kind;
  source.height = shape.height;
  source.width = shape.width;
  source.channels = shape.channels;
  source.first = first->data();
  source.slope = slope;
  if (third) source.third = third->data();
  if (fourth) source.fourth = fourth->data();
  if (mask) source.c = mask->data();
  if (block) {
    if (kind != SourceKind::kActivated) source.c = block->c->data();
    source.scale = block->scale();
    source.shift = block->shift();
  }
  if (factors) {
    source.a = factors->row(kFactorA);
    source.b = factors->row(kFactorB);
    source.d = factors->row(kFactorD);
    source.e = factors->row(kFactorE);
    source.f = factors->row(kFactorF);
  }
  return source;
}

RecipePtr plainRecipe(DensePtr values, const ImageShape& shape) {
  auto recipe = std::make_shared<Recipe>();
  recipe->kind = SourceKind::kPlain;
  recipe->shape = shape;
  recipe->first = std::move(values);
  return recipe;
}

}  // namespace singan
