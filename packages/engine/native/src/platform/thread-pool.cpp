#include "thread-pool.h"

#include "denormals.h"

namespace singan {
namespace {

// About half a millisecond: longer than JavaScript takes between two steps of a training, short against a scheduler's time slice.
constexpr int kSpinsBeforeSleep = 15000;

constexpr int kOutside = -1;
thread_local int currentWorker = kOutside;

void pauseBriefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

uint64_t chunkCount(uint64_t ticket) { return (ticket >> 16) & 0xffff; }
uint64_t nextChunk(uint64_t ticket) { return ticket & 0xffff; }

}  // namespace

ThreadPool::ThreadPool(int threads) : threads_(threads < 1 ? 1 : threads), scratch_(threads_) {
  for (int worker = 1; worker < threads_; worker++) workers_.emplace_back([this, worker] { work(worker); });
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    isStopping_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::reserveScratch(size_t floats) {
  for (AlignedMemory& memory : scratch_) {
    if (memory.floats() < floats) memory = AlignedMemory(floats);
  }
}

float* ThreadPool::sharedScratch(size_t floats) {
  if (sharedScratch_.floats() < floats) sharedScratch_ = AlignedMemory(floats);
  return sharedScratch_.data();
}

void ThreadPool::run(long chunks, Task task, void* state) {
  if (chunks <= 0) return;
  if (threads_ == 1 || chunks == 1 || currentWorker != kOutside) {
    const int worker = currentWorker == kOutside ? 0 : currentWorker;
    for (long chunk = 0; chunk < chunks; chunk++) task(state, chunk, worker);
    return;
  }
  job_ = {task, state};
  finishedChunks_.store(0, std::memory_order_relaxed);
  const uint64_t generation = (ticket_.load(std::memory_order_relaxed) >> 32) + 1;
  ticket_.store(generation << 32 | static_cast<uint64_t>(chunks) << 16);
  if (sleepers_.load() > 0) {
    std::lock_guard<std::mutex> lock(mutex_);
    wake_.notify_all();
  }
  while (takeChunk(0)) {
  }
  for (int spins = 0; finishedChunks_.load(std::memory_order_acquire) < chunks; spins++) {
    if (spins < kSpinsBeforeSleep) pauseBriefly();
    else std::this_thread::yield();
  }
}

bool ThreadPool::takeChunk(int worker) {
  uint64_t ticket = ticket_.load(std::memory_order_acquire);
  do {
    if (nextChunk(ticket) >= chunkCount(ticket)) return false;
  } while (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel, std::memory_order_acquire));
  currentWorker = worker;
  job_.task(job_.state, static_cast<long>(nextChunk(ticket)), worker);
  currentWorker = kOutside;
  finishedChunks_.fetch_add(1, std::memory_order_release);
  return true;
}

bool ThreadPool::hasWork() const {
  const uint64_t ticket = ticket_.load(std::memory_order_acquire);
  return nextChunk(ticket) < chunkCount(ticket);
}

void ThreadPool::waitForWork() {
  for (int spins = 0; spins < kSpinsBeforeSleep; spins++) {
    if (hasWork() || isStopping_.load(std::memory_order_relaxed)) return;
    pauseBriefly();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  sleepers_.fetch_add(1);
  wake_.wait(lock, [this] { return hasWork() || isStopping_.load(); });
  sleepers_.fetch_sub(1);
}

void ThreadPool::work(int worker) {
  FlushDenormals flush;
  while (!isStopping_.load(std::memory_order_relaxed)) {
    if (!takeChunk(worker)) waitForWork();
  }
}

}  // namespace singan
