#pragma once
// Where the time of the kernels goes: every kernel of a table, timed by what it does.
#include <string>

#include "../kernels/kernel-table.h"

namespace singan {

// The table with a clock around each kernel. One profile per process: it is there for measurements, not for service.
KernelTable profiledKernels(const KernelTable& kernels);

// JSON of what was run since the last call: [{"kernel", "calls", "seconds", "gigaFlops"}], and begins anew. Operations of convolutions are
// counted as the direct way would need them.
std::string takeProfile();

}  // namespace singan
