#pragma once
#include "../kernels/kernel-table.h"
#include "../platform/memory-pool.h"
#include "../platform/thread-pool.h"

namespace singan {

// What everything runs on.
struct Machine {
  Machine(const KernelTable& kernels, int threads) : kernels(kernels), threads(threads) {}
  KernelTable kernels;
  ThreadPool threads;
  MemoryPool memory;
};

}  // namespace singan
