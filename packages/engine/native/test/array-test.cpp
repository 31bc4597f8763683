#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "../src/ops/array-ops.h"
#include "../src/ops/strided-copy.h"
#include "check.h"

namespace singan::test {
namespace {

// Known answer of Random123 for key and counter 0: the first word is 6627e8d5, the second e169c58d.
void testNoise(Machine& machine, Checker& checker) {
  const double unit = 1.0 / 4294967296.0;
  const double radius = std::sqrt(-2 * std::log((0x6627e8d5u + 1.0) * unit));
  const double angle = 2 * 3.14159265358979323846 * (0xe169c58du * unit);
  const AlignedMemory values = filledWithNan(2);
  normalNoise(machine, {0, 0, {0, 0}}, values.data(), 2);
  checker.close("noise", values.data(), {radius * std::cos(angle), radius * std::sin(angle)}, 1e-6);
}

void testSums(Machine& machine, Checker& checker) {
  Random random(6);
  const Reduction reduction = {4, 301, 7, 0.5};
  const std::vector<float> x = random.floats(4 * 301 * 7);
  const AlignedMemory from = exactCopy(x), result = filledWithNan(28), total = filledWithNan(1);
  std::vector<double> expected(28);
  double all = 0;
  for (size_t i = 0; i < x.size(); i++) {
    expected[i / (301 * 7) * 7 + i % 7] += 0.5 * x[i];
    all += x[i];
  }
  sumAxis(machine, reduction, from.data(), result.data());
  checker.close("sum over the middle axis", result.data(), expected, 1e-6);
  sumAxis(machine, {1, static_cast<long>(x.size()), 1, 1}, from.data(), total.data());
  checker.close("sum of all", total.data(), {all}, 1e-5);
}

void testCopies(Checker& checker) {
  // Two rows of three, transposed.
  const std::vector<float> from = {1, 2, 3, 4, 5, 6};
  std::vector<float> to(6);
  StridedCopy copy = {0, 0, {1, 1, 1, 1, 3, 2}, {0, 0, 0, 0, 1, 3}, {0, 0, 0, 0, 2, 1}};
  stridedCopy(copy, from.data(), to.data());
  checker.isTrue("transposed copy", to == std::vector<float>({1, 4, 2, 5, 3, 6}));
  const auto isRefused = [&](const StridedCopy& wrong) {
    try {
      checkBounds(wrong, from.size(), to.size());
      return false;
    } catch (const std::out_of_range&) {
      return true;
    }
  };
  checker.isTrue("a copy that fits", !isRefused(copy));
  copy.fromStrides[4] = 2;
  checker.isTrue("a copy past the end is refused", isRefused(copy));
  copy.fromStrides[4] = -1;
  checker.isTrue("a negative stride is refused", isRefused(copy));
  copy = {INT32_MAX, 0, {INT32_MAX, INT32_MAX, 1, 1, 1, 1}, {INT32_MAX, INT32_MAX, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}};
  checker.isTrue("a copy of absurd size is refused", isRefused(copy));
}

void testMemoryPool(Checker& checker) {
  MemoryPool pool;
  AlignedMemory first = pool.take(1000);
  const float* address = first.data();
  checker.isTrue("memory is aligned", reinterpret_cast<uintptr_t>(address) % 64 == 0);
  pool.give(std::move(first));
  AlignedMemory again = pool.take(990);
  checker.isTrue("memory of about the size is used again", again.data() == address && pool.freeBytes() == 0);
  pool.give(std::move(again));
  pool.give(pool.take(50));
  const size_t kept = pool.freeBytes();
  for (size_t i = 0; i < 2 * MemoryPool::kIdleTakes; i++) pool.give(pool.take(50));
  checker.isTrue("what nobody takes is given back, the rest kept", pool.freeBytes() < kept && pool.freeBytes() > 0);
}

}  // namespace

void testArrays(const KernelTable& kernels, Checker& checker) {
  Machine machine(kernels, 2);
  testNoise(machine, checker);
  testSums(machine, checker);
  testCopies(checker);
  testMemoryPool(checker);
}

}  // namespace singan::test
