// Runs the tests, then prints what became of the public vectors.
#include <gtest/gtest.h>

#include <cstdio>

#include "support/tally.h"
#include "support/vectors.h"

namespace {

// A full run has looked at every vector, or has left it out with a reason: nothing is passed over in silence.
bool everything_was_looked_at() {
  if (::testing::GTEST_FLAG(filter) != "*") return true;
  const auto left = elicense::test::vectors_not_looked_at();
  for (const auto& path : left) std::printf("vectors that no test looks at: %s\n", path.c_str());
  return left.empty();
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const int status = RUN_ALL_TESTS();
  const std::string table = elicense::test::Tally::table();
  if (!table.empty()) std::printf("\n%s", table.c_str());
  return everything_was_looked_at() ? status : 1;
}
