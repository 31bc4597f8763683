#pragma once
#include <cstddef>
#include <utility>

namespace singan {

// Floats on a 64-byte boundary, followed by kSlackFloats that may be read (a whole vector loaded at the last channels of
// the last pixel) but never hold anything.
class AlignedMemory {
 public:
  static constexpr size_t kSlackFloats = 32;

  AlignedMemory() = default;
  explicit AlignedMemory(size_t floats);  // throws std::bad_alloc
  ~AlignedMemory();
  AlignedMemory(AlignedMemory&& other) noexcept { swap(other); }
  AlignedMemory& operator=(AlignedMemory&& other) noexcept {
    swap(other);
    return *this;
  }

  float* data() const { return data_; }
  size_t floats() const { return floats_; }
  explicit operator bool() const { return data_ != nullptr; }

 private:
  void swap(AlignedMemory& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(data_, other.data_);
    std::swap(floats_, other.floats_);
  }
  void* block_ = nullptr;
  float* data_ = nullptr;
  size_t floats_ = 0;
};

}  // namespace singan
