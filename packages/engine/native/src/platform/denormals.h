#pragma once
#include <cstdint>

namespace singan {

// Treats subnormal floats as zero in this thread while it lives: they cost a hundred cycles each on many processors and
// carry nothing. The mode before is restored, because JavaScript's own arithmetic runs in the same thread.
class FlushDenormals {
 public:
  FlushDenormals() : before_(read()) { write(before_ | kFlushBits); }
  ~FlushDenormals() { write(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__x86_64__)
  static constexpr uint64_t kFlushBits = 0x8040;  // MXCSR: flush to zero, denormals are zero
  static uint64_t read() { return __builtin_ia32_stmxcsr(); }
  static void write(uint64_t mode) { __builtin_ia32_ldmxcsr(static_cast<unsigned>(mode)); }
#elif defined(__aarch64__)
  static constexpr uint64_t kFlushBits = 1u << 24;  // FPCR.FZ
  static uint64_t read() {
    uint64_t mode;
    asm volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
  }
  static void write(uint64_t mode) { asm volatile("msr fpcr, %0" : : "r"(mode)); }
#else
  static constexpr uint64_t kFlushBits = 0;
  static uint64_t read() { return 0; }
  static void write(uint64_t) {}
#endif
  const uint64_t before_;
};

}  // namespace singan
