#pragma once
#include <memory>
#include <vector>

#include "machine.h"

namespace singan {

struct Block;

// Values in memory. Written once by whoever makes it, then only read: so what is derived from it can be kept beside it.
class Dense {
 public:
  Dense(Machine& machine, size_t size) : machine_(machine), memory_(machine.memory.take(size)), size_(size) {}
  ~Dense() {
    machine_.memory.give(std::move(memory_));
    for (Prepared& prepared : prepared_) {
      if (prepared.memory) machine_.memory.give(std::move(prepared.memory));
    }
  }
  Dense(const Dense&) = delete;
  Dense& operator=(const Dense&) = delete;

  float* data() const { return memory_.data(); }
  size_t size() const { return size_; }

  // These values as weights [3][3][in][out], in the form the convolution wants; turned: those of its gradient
  // by the input. Computed at the first call: weights stand still for several convolutions.
  const float* preparedWeights(int in, int out, bool isTurned, ConvTiling tiling);

  // Sums over the pixels of dz and dz n (see EpilogueKind::kFirstOrder), for this dy and a block's result.
  struct GradientSums {
    std::shared_ptr<const Block> block;
    std::vector<double> sums;
  };
  GradientSums gradientSums;

 private:
  struct Prepared {
    AlignedMemory memory;
    int in = 0, out = 0;
    ConvTiling tiling = ConvTiling::k4x4;
  };
  Machine& machine_;
  AlignedMemory memory_;
  const size_t size_;
  Prepared prepared_[2];
};

using DensePtr = std::shared_ptr<Dense>;

inline DensePtr makeDense(Machine& machine, size_t size) { return std::make_shared<Dense>(machine, size); }

}  // namespace singan
