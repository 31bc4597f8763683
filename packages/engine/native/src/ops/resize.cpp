#include <cstring>

#include "../platform/parallel.h"
#include "array-ops.h"
#include "dense.h"

namespace singan {
namespace {

// y[row] = sum of weighted rows of x, `length` floats each
void combineRows(const ResizeAxis& axis, long row, const float* x, long length, float* y) {
  std::memset(y, 0, static_cast<size_t>(length) * sizeof(float));
  for (int tap = 0; tap < axis.taps; tap++) {
    const float weight = axis.values[row * axis.taps + tap];
    const float* from = x + axis.positions[row * axis.taps + tap] * length;
    for (long i = 0; i < length; i++) y[i] += weight * from[i];
  }
}

}  // namespace

void resize(Machine& machine, const ResizeAxis& rows, const ResizeAxis& columns, int channels, const float* x,
            float* result) {
  const long length = static_cast<long>(columns.input) * channels;
  const long chunks = chunksFor(machine.threads, rows.output, 8192 / length + 1);
  machine.threads.reserveScratch(length);
  parallelChunks(machine.threads, chunks, [&](long chunk, int worker) {
    float* line = machine.threads.scratch(worker);
    const Range range = rangeOf(rows.output, chunk, chunks);
    for (long row = range.begin; row < range.end; row++) {
      combineRows(rows, row, x, length, line);
      float* to = result + row * columns.output * channels;
      for (long column = 0; column < columns.output; column++) {
        combineRows(columns, column, line, channels, to + column * channels);
      }
    }
  });
}

}  // namespace singan
