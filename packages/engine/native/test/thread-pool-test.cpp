#include <atomic>

#include "../src/platform/parallel.h"
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

// Whether the chunks follow each other from 0 to the total, none empty and none larger than is said.
bool isCovered(const TaperedChunks& chunks, long total) {
  long end = 0;
  for (long chunk = 0; chunk < chunks.count(); chunk++) {
    const Range range = chunks.range(chunk);
    if (range.begin != end || range.end <= end || range.end - range.begin > chunks.largest()) return false;
    end = range.end;
  }
  return end == total;
}

void testTaperedChunks(Checker& checker, const ThreadPool& pool, const std::string& name) {
  bool isAllCovered = true;
  for (long total = 1; total < 700; total++) {
    for (long items : {7, 28}) isAllCovered = isAllCovered && isCovered(TaperedChunks(pool, total, items), total);
  }
  checker.isTrue(name + " covers all that tapered chunks are made of", isAllCovered);
  const TaperedChunks chunks(pool, 2800, 28);
  const auto sizeOf = [&](long chunk) { return chunks.range(chunk).end - chunks.range(chunk).begin; };
  const bool isTapered = 2 * sizeOf(chunks.count() - 1) <= sizeOf(0) + 1;
  checker.isTrue(name + " tapers unless it is alone", isTapered == (pool.threads() > 1));
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
    testTaperedChunks(checker, pool, name);
  }
}

}  // namespace singan::test
