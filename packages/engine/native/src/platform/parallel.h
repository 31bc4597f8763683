#pragma once
#include "inline.h"
#include "thread-pool.h"

namespace singan {

// body(chunk, worker) for every chunk, shared out among the pool's threads.
template <class Body>
SINGAN_INLINE void parallelChunks(ThreadPool& pool, long chunks, const Body& body) {
  pool.run(
      chunks, [](void* state, long chunk, int worker) { (*static_cast<const Body*>(state))(chunk, worker); },
      const_cast<Body*>(&body));
}

struct Range {
  long begin, end;
};

// The part of [0, total) that is chunk number `chunk` of `chunks` nearly equal ones.
SINGAN_INLINE Range rangeOf(long total, long chunk, long chunks) {
  return {total * chunk / chunks, total * (chunk + 1) / chunks};
}

// How many chunks to cut `total` items in so that one holds about `itemsPerChunk`: a multiple of the number of threads when there
// are few, so that none idles, and 1 when all of it is one chunk.
SINGAN_INLINE long chunksFor(const ThreadPool& pool, long total, long itemsPerChunk) {
  const long threads = pool.threads();
  long chunks = (total + itemsPerChunk - 1) / itemsPerChunk;
  if (chunks > 1) chunks = (chunks + threads - 1) / threads * threads;
  if (chunks > ThreadPool::kMaxChunks) chunks = ThreadPool::kMaxChunks;
  if (chunks > total) chunks = total;
  return chunks < 1 ? 1 : chunks;
}

// Chunks of nearly equal size but for the last ones, two for each thread, which are half as large: threads that come to the end at
// different times wait less for each other.
class TaperedChunks {
 public:
  SINGAN_INLINE TaperedChunks(const ThreadPool& pool, long total, long itemsPerChunk)
      : total_(total), whole_(chunksFor(pool, total, itemsPerChunk)) {
    const long threads = pool.threads();
    if (threads == 1 || whole_ < 2 * threads || whole_ + threads > ThreadPool::kMaxChunks) return;
    whole_ -= threads;
    halves_ = 2 * threads;
  }

  SINGAN_INLINE long count() const { return whole_ + halves_; }
  SINGAN_INLINE long largest() const { return (2 * total_ + units() - 1) / units(); }
  SINGAN_INLINE Range range(long chunk) const { return {begin(chunk), begin(chunk + 1)}; }

 private:
  SINGAN_INLINE long units() const { return 2 * whole_ + halves_; }
  SINGAN_INLINE long begin(long chunk) const { return total_ * (chunk + (chunk < whole_ ? chunk : whole_)) / units(); }

  long total_, whole_, halves_ = 0;
};

}  // namespace singan
