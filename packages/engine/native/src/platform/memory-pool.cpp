#include "memory-pool.h"

#include <cstddef>

namespace singan {
namespace {

// Sizes are rounded up to one of eight steps per power of two, so that few sizes serve all.
size_t roundedSize(size_t floats) {
  size_t step = 16;
  while (step * 16 < floats) step *= 2;
  return (floats + step - 1) / step * step;
}

}  // namespace

AlignedMemory MemoryPool::take(size_t floats) {
  if (++takes_ % kTakesBetweenChecks == 0) dropIdle();
  const size_t size = roundedSize(floats);
  const auto found = free_.find(size);
  if (found == free_.end() || found->second.empty()) return AlignedMemory(size);
  AlignedMemory memory = std::move(found->second.back().memory);
  found->second.pop_back();
  freeFloats_ -= size;
  return memory;
}

void MemoryPool::give(AlignedMemory memory) {
  const size_t size = memory.floats();
  freeFloats_ += size;
  free_[size].push_back({std::move(memory), takes_});
}

void MemoryPool::dropIdle() {
  for (auto& [size, list] : free_) {
    size_t idle = 0;
    while (idle < list.size() && list[idle].since + kIdleTakes < takes_) idle++;
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(idle));
    freeFloats_ -= idle * size;
  }
}

}  // namespace singan
