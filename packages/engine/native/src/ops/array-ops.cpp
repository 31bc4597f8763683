#include "array-ops.h"

#include <cmath>
#include <vector>

#include "../platform/parallel.h"

namespace singan {
namespace {

// Values; fewer are not worth another thread.
constexpr long kChunk = 2048;

// Sum of term(i) over [0, size): each chunk for itself, then the chunks in order.
template <class Term>
double parallelSum(Machine& machine, long size, const Term& term) {
  const long chunks = chunksFor(machine.threads, size, kChunk);
  std::vector<double> partials(chunks);
  parallelChunks(machine.threads, chunks, [&](long chunk, int) {
    const Range range = rangeOf(size, chunk, chunks);
    double sum = 0;
    for (long i = range.begin; i < range.end; i++) sum += term(i);
    partials[chunk] = sum;
  });
  double total = 0;
  for (double partial : partials) total += partial;
  return total;
}

double normOf(const float* values, int channels) {
  double sum = 0;
  for (int k = 0; k < channels; k++) sum += static_cast<double>(values[k]) * values[k];
  return std::sqrt(sum);
}

}  // namespace

void sumAxis(Machine& machine, const Reduction& r, const float* x, float* result) {
  if (r.outer == 1 && r.inner == 1) {
    result[0] = static_cast<float>(r.factor * parallelSum(machine, r.reduced, [&](long i) { return double(x[i]); }));
    return;
  }
  const long results = r.outer * r.inner;
  const long chunks = chunksFor(machine.threads, results, kChunk / (r.reduced + 1) + 1);
  parallelChunks(machine.threads, chunks, [&](long chunk, int) {
    const Range range = rangeOf(results, chunk, chunks);
    for (long i = range.begin; i < range.end; i++) {
      const float* from = x + i / r.inner * r.reduced * r.inner + i % r.inner;
      double sum = 0;
      for (long k = 0; k < r.reduced; k++) sum += from[k * r.inner];
      result[i] = static_cast<float>(r.factor * sum);
    }
  });
}

double gradientPenalty(Machine& machine, const float* gradient, long pixels, int channels) {
  const double sum = parallelSum(machine, pixels, [&](long pixel) {
    const double distance = normOf(gradient + pixel * channels, channels) - 1;
    return distance * distance;
  });
  return sum / static_cast<double>(pixels);
}

void gradientPenaltyGrad(Machine& machine, const float* gradient, long pixels, int channels, float factor,
                         float* result) {
  const long chunks = chunksFor(machine.threads, pixels, kChunk / channels + 1);
  parallelChunks(machine.threads, chunks, [&](long chunk, int) {
    const Range range = rangeOf(pixels, chunk, chunks);
    for (long pixel = range.begin; pixel < range.end; pixel++) {
      const double norm = normOf(gradient + pixel * channels, channels);
      const double scale = norm == 0 ? 0 : factor * (norm - 1) / norm;
      for (long i = pixel * channels; i < (pixel + 1) * channels; i++) {
        result[i] = static_cast<float>(scale * gradient[i]);
      }
    }
  });
}

}  // namespace singan
