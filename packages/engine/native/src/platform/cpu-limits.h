#pragma once

namespace singan {

// Threads worth running: the processors this process may use, or its container's CPU quota (cgroup v1 and v2) if that
// is less. At least 1.
int usableThreads();

}  // namespace singan
