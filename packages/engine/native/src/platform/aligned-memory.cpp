#include "aligned-memory.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace singan {

AlignedMemory::AlignedMemory(size_t floats) : floats_(floats) {
  const size_t bytes = (floats + kSlackFloats) * sizeof(float);
  data_ = static_cast<float*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64));
  if (!data_) throw std::bad_alloc();
  std::memset(data_ + floats, 0, kSlackFloats * sizeof(float));
}

AlignedMemory::~AlignedMemory() { std::free(data_); }

}  // namespace singan
