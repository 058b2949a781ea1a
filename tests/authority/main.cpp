// Runs the tests. --serve-test-routes: the server that some of them start (http_test_server.h).
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "authority/http_test_server.h"

int main(int count, char** words) {
  if (count >= 4 && std::string_view(words[1]) == "--serve-test-routes")
    return elicense::authority::test::serve_test_routes(std::vector<std::string>(words + 2, words + count));
  ::testing::InitGoogleTest(&count, words);
  return RUN_ALL_TESTS();
}
