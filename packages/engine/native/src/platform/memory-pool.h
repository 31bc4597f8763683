#pragma once
#include <map>
#include <vector>

#include "aligned-memory.h"

namespace singan {

// Keeps freed memory for the next taker: mapping and first touch of 12 MB cost about a millisecond each time. What nobody has
// taken for a while goes back to the system: the next scale of a training uses other sizes. For one thread.
class MemoryPool {
 public:
  AlignedMemory take(size_t floats);  // at least so many; throws std::bad_alloc
  void give(AlignedMemory memory);
  size_t freeBytes() const { return freeFloats_ * sizeof(float); }

  // Takes after which unused memory is given back, some ten iterations of a training.
  static constexpr size_t kIdleTakes = 1 << 14;

 private:
  struct Free {
    AlignedMemory memory;
    size_t since;  // takes before it was given
  };
  void dropIdle();

  static constexpr size_t kTakesBetweenChecks = 1 << 10;
  std::map<size_t, std::vector<Free>> free_;  // by size, the longest idle first
  size_t freeFloats_ = 0;
  size_t takes_ = 0;
};

}  // namespace singan
