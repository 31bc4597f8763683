// Philox4x32-10: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#include <cmath>

#include "../platform/parallel.h"
#include "array-ops.h"

namespace singan {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kUnit = 1.0 / 4294967296.0;

void philox(uint32_t c[4], uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; round++) {
    const uint64_t product0 = uint64_t{0xd2511f53} * c[0], product1 = uint64_t{0xcd9e8d57} * c[2];
    const uint32_t high0 = static_cast<uint32_t>(product0 >> 32), high1 = static_cast<uint32_t>(product1 >> 32);
    c[0] = high1 ^ c[1] ^ key0;
    c[1] = static_cast<uint32_t>(product1);
    c[2] = high0 ^ c[3] ^ key1;
    c[3] = static_cast<uint32_t>(product0);
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
}

void normalBlock(const NoiseKey& key, uint32_t block, float* values) {
  uint32_t bits[4] = {block, 0, key.counter[0], key.counter[1]};
  philox(bits, key.seed, key.stream);
  for (int i = 0; i < 4; i += 2) {
    const double radius = std::sqrt(-2 * std::log((bits[i] + 1.0) * kUnit));
    const double angle = 2 * kPi * kUnit * bits[i + 1];
    values[i] = static_cast<float>(radius * std::cos(angle));
    values[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
}

}  // namespace

void normalNoise(Machine& machine, const NoiseKey& key, float* result, long size) {
  const long blocks = (size + 3) / 4, chunks = chunksFor(machine.threads, blocks, 512);
  parallelChunks(machine.threads, chunks, [&](long chunk, int) {
    const Range range = rangeOf(blocks, chunk, chunks);
    for (long block = range.begin; block < range.end; block++) {
      float values[4];
      normalBlock(key, static_cast<uint32_t>(block), values);
      for (long i = block * 4; i < size && i < block * 4 + 4; i++) result[i] = values[i - block * 4];
    }
  });
}

}  // namespace singan
