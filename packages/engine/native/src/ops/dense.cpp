#include "dense.h"

namespace singan {

const float* Dense::preparedWeights(int in, int out, bool isTurned, ConvTiling tiling) {
  Prepared& prepared = prepared_[isTurned];
  const bool isThere = prepared.memory && prepared.in == in && prepared.out == out && prepared.tiling == tiling;
  if (isThere) return prepared.memory.data();
  const KernelTable& kernels = machine_.kernels;
  if (prepared.memory) machine_.memory.give(std::move(prepared.memory));
  if (!isTurned) {
    prepared = {machine_.memory.take(kernels.preparedWeightFloats(in, out, tiling)), in, out, tiling};
    kernels.prepareWeights(machine_.threads, data(), in, out, tiling, prepared.memory.data());
    return prepared.memory.data();
  }
  prepared = {machine_.memory.take(kernels.preparedWeightFloats(out, in, tiling)), in, out, tiling};
  AlignedMemory turned = machine_.memory.take(size_);
  kernels.turnWeights(data(), in, out, turned.data());
  kernels.prepareWeights(machine_.threads, turned.data(), out, in, tiling, prepared.memory.data());
  machine_.memory.give(std::move(turned));
  return prepared.memory.data();
}

}  // namespace singan
