#include "check.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace singan::test {

void Checker::close(const std::string& what, const float* actual, const std::vector<double>& expected,
                    double tolerance) {
  double largest = 0, squares = 0;
  for (size_t i = 0; i < expected.size(); i++) {
    const double difference = std::fabs(actual[i] - expected[i]);
    if (!(difference <= largest)) largest = difference;
    squares += expected[i] * expected[i];
  }
  const double scale = std::sqrt(squares / expected.size());
  const double error = largest / (scale > 0 ? scale : 1);
  isTrue(what + ": error " + std::to_string(error * 1e6) + "e-6", error <= tolerance);
}

void Checker::isTrue(const std::string& what, bool value) {
  checks_++;
  if (value) return;
  failures_++;
  std::printf("FAILED %s\n", what.c_str());
}

double Random::next() {
  state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
  return static_cast<double>(state_ >> 11) / (1ull << 52) - 1;
}

int Random::integer(int least, int most) {
  return least + static_cast<int>((next() + 1) / 2 * (most - least + 1));
}

std::vector<float> Random::floats(size_t count) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(next());
  return values;
}

AlignedMemory exactCopy(const std::vector<float>& values) {
  AlignedMemory memory(values.size());
  std::memcpy(memory.data(), values.data(), values.size() * sizeof(float));
  return memory;
}

AlignedMemory filledWithNan(size_t floats) {
  AlignedMemory memory(floats);
  for (size_t i = 0; i < floats; i++) memory.data()[i] = NAN;
  return memory;
}

}  // namespace singan::test
