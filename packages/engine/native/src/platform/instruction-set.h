#pragma once
#include <string>
#include <vector>

#include "../kernels/kernel-table.h"

namespace singan {

// The kernels of every instruction set this processor has, the fastest first; never empty.
std::vector<const KernelTable*> usableKernels();

}  // namespace singan
