#pragma once
// Images that are a function of others, element by element, and are computed where they are read (see SourceKind).
#include <memory>

#include "dense.h"

namespace singan {

struct ImageShape {
  int height, width, channels;
  size_t size() const { return static_cast<size_t>(height) * width * channels; }
  bool operator==(const ImageShape& o) const {
    return height == o.height && width == o.width && channels == o.channels;
  }
};

// Rows of numbers per channel, padded with zeros.
class ChannelRows {
 public:
  ChannelRows(Machine& machine, int channels, int rows);
  float* row(int index) const { return rows_->data() + static_cast<size_t>(index) * padded_; }

 private:
  int padded_;
  DensePtr rows_;
};

// A convolution's result c with what normalises and activates it: with n = inverse c - centre the normalised value,
// z = scale c + shift and y = act(z).
struct Block {
  DensePtr c;
  ImageShape shape;
  float slope;
  ChannelRows constants;
  const float* scale() const { return constants.row(0); }
  const float* shift() const { return constants.row(1); }
  const float* inverse() const { return constants.row(2); }
  const float* centre() const { return constants.row(3); }
};
using BlockPtr = std::shared_ptr<const Block>;

// Rows of a recipe's factors.
enum FactorRow { kFactorA, kFactorB, kFactorD, kFactorE, kFactorF, kFactorRows };

struct Recipe {
  SourceKind kind;
  ImageShape shape;
  DensePtr first;
  DensePtr third, fourth;
  BlockPtr block;                         // c, scale and shift of all kinds that have z
  DensePtr mask;                          // c of kMaskedGradient
  std::shared_ptr<ChannelRows> factors;   // a, b, d, e, f, see FactorRow
  float slope = 1;

  // The last sum this was part of, see sumOf.
  mutable std::weak_ptr<const Recipe> sumPartner;
  mutable std::shared_ptr<const Recipe> sum;

  Source source() const;
};
using RecipePtr = std::shared_ptr<const Recipe>;

RecipePtr plainRecipe(DensePtr values, const ImageShape& shape);

}  // namespace singan
