#include "aligned-memory.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace singan {
namespace {

constexpr size_t kLine = 64;
constexpr size_t kHugePage = size_t{2} << 20;
// From here on memory is asked for in huge pages: images of several megabytes, read tile by tile, would miss the address cache on nearly
// every row (measured: 2 to 8 % of a convolution of 98x131x64 or 186x248x64).
constexpr size_t kLeastHuge = kHugePage * 3 / 4;

size_t roundedUp(size_t bytes, size_t step) { return (bytes + step - 1) / step * step; }

// Huge pages begin at equal places of the caches: images that are read side by side are shifted against each other.
size_t nextShift() {
  static std::atomic<size_t> count{0};
  constexpr size_t kShifts = 8, kStep = 4096 + 5 * kLine;
  return count.fetch_add(1, std::memory_order_relaxed) % kShifts * kStep;
}

void* allocate(size_t bytes, size_t alignment) {
  void* memory = std::aligned_alloc(alignment, roundedUp(bytes, alignment));
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

AlignedMemory::AlignedMemory(size_t floats) : floats_(floats) {
  const size_t bytes = (floats + kSlackFloats) * sizeof(float);
  if (bytes < kLeastHuge) {
    block_ = allocate(bytes, kLine);
    data_ = static_cast<float*>(block_);
  } else {
    const size_t shift = nextShift();
    block_ = allocate(bytes + shift, kHugePage);
#if defined(MADV_HUGEPAGE)
    madvise(block_, roundedUp(bytes + shift, kHugePage), MADV_HUGEPAGE);  // a matter of speed only
#endif
    data_ = reinterpret_cast<float*>(static_cast<char*>(block_) + shift);
  }
  std::memset(data_ + floats, 0, kSlackFloats * sizeof(float));
}

AlignedMemory::~AlignedMemory() { std::free(block_); }

}  // namespace singan
