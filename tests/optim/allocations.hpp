#pragma once

namespace test {

/// How often operator new was called so far, anywhere in this program.
long allocation_count();

}  // namespace test
