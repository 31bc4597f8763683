#include <atomic>

#include "check.h"

namespace singan::test {
namespace {

struct Counts {
  std::vector<std::atomic<int>> perChunk;
  std::atomic<bool> isWorkerRight{true};
  ThreadPool* pool;
  explicit Counts(long chunks, ThreadPool& pool) : perChunk(chunks), pool(&pool) {}
};

void count(void* state, long chunk, int worker) {
  Counts& counts = *static_cast<Counts*>(state);
  counts.perChunk[chunk]++;
  if (worker < 0 || worker >= counts.pool->threads()) counts.isWorkerRight = false;
}

// A task that runs another.
void nest(void* state, long, int) {
  Counts& counts = *static_cast<Counts*>(state);
  counts.pool->run(static_cast<long>(counts.perChunk.size()), count, state);
}

bool isEach(const Counts& counts, int times) {
  for (const auto& value : counts.perChunk) {
    if (value != times) return false;
  }
  return counts.isWorkerRight;
}

}  // namespace

void testThreadPool(Checker& checker) {
  for (int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    const std::string name = "pool of " + std::to_string(threads);
    bool areAllRight = true;
    for (int round = 0; round < 3000; round++) {
      Counts counts(1 + round % 37, pool);
      pool.run(static_cast<long>(counts.perChunk.size()), count, &counts);
      areAllRight = areAllRight && isEach(counts, 1);
    }
    checker.isTrue(name + " runs every chunk once", areAllRight);
    Counts nested(9, pool);
    pool.run(4, nest, &nested);
    checker.isTrue(name + " runs nested tasks", isEach(nested, 4));
    Counts most(ThreadPool::kMaxChunks, pool);
    pool.run(ThreadPool::kMaxChunks, count, &most);
    checker.isTrue(name + " runs as many chunks as it may", isEach(most, 1));
  }
}

}  // namespace singan::test
