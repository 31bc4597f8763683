#pragma once
#include "../platform/thread-pool.h"
#include "conv-types.h"

namespace singan::SINGAN_ISA {

// result = the sum of the sources, which are all of one size
void evaluate(ThreadPool& pool, const Source* sources, int count, float* result);

// The epilogue's sums for o = the source's values; nothing is stored.
void reduce(ThreadPool& pool, const Source& source, const Epilogue& epilogue);

}  // namespace singan::SINGAN_ISA
