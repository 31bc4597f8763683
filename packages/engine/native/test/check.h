#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "../src/kernels/kernel-table.h"

namespace singan::test {

// Counts what was compared; prints what differs.
class Checker {
 public:
  // The largest difference, over the root mean square of what is expected, must not pass the tolerance; NaN never passes.
  void close(const std::string& what, const float* actual, const std::vector<double>& expected, double tolerance);
  void isTrue(const std::string& what, bool value);
  int failures() const { return failures_; }
  int checks() const { return checks_; }

 private:
  int checks_ = 0, failures_ = 0;
};

// Uniform values in [-1, 1), the same in every run.
class Random {
 public:
  explicit Random(unsigned seed) : state_(seed * 2654435761u + 1) {}
  double next();
  int integer(int least, int most);
  std::vector<float> floats(size_t count);

 private:
  unsigned long long state_;
};

// Aligned as the kernels have it; the address sanitizer sees what goes past the slack behind.
AlignedMemory exactCopy(const std::vector<float>& values);
AlignedMemory filledWithNan(size_t floats);

void testConvolutions(const KernelTable& kernels, ThreadPool& pool, Checker& checker);
void testSources(const KernelTable& kernels, ThreadPool& pool, Checker& checker);
void testElementwise(const KernelTable& kernels, ThreadPool& pool, Checker& checker);
void testThreadPool(Checker& checker);
void testBlocks(const KernelTable& kernels, Checker& checker);
void testArrays(const KernelTable& kernels, Checker& checker);

}  // namespace singan::test
