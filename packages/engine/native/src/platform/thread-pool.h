#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "aligned-memory.h"

namespace singan {

// A fixed number of threads that share out numbered chunks of work. The calling thread takes part as worker 0.
// Which worker takes a chunk is left to chance; callers make results independent of it.
class ThreadPool {
 public:
  using Task = void (*)(void* state, long chunk, int worker);

  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  // Calls task(state, chunk, worker) once for every chunk in [0, chunks), chunks <= kMaxChunks, and returns when all
  // are done. A call from inside a task, and a call with a single chunk, run in the calling thread.
  void run(long chunks, Task task, void* state);

  // Gives every worker a scratch memory of at least `floats`. Outside of tasks only; throws std::bad_alloc.
  void reserveScratch(size_t floats);
  // Memory for all workers together, valid until the next call; the same rules.
  float* sharedScratch(size_t floats);
  // The worker's scratch memory; its contents are what the last task left there.
  float* scratch(int worker) const { return scratch_[worker].data(); }

  static constexpr long kMaxChunks = 0xffff;

 private:
  struct Job {
    Task task = nullptr;
    void* state = nullptr;
  };

  void work(int worker);
  bool takeChunk(int worker);
  bool hasWork() const;
  void waitForWork();

  const int threads_;
  // Generation of the job (32 bits), its number of chunks (16) and the next chunk to take (16) in one word, so that a
  // worker that comes late can never take a chunk of a job that has ended.
  alignas(64) std::atomic<uint64_t> ticket_{0};
  alignas(64) std::atomic<long> finishedChunks_{0};
  Job job_;
  alignas(64) std::atomic<int> sleepers_{0};
  std::atomic<bool> isStopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<AlignedMemory> scratch_;
  AlignedMemory sharedScratch_;
  std::vector<std::thread> workers_;
};

}  // namespace singan
