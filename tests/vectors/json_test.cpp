// JSONTestSuite: y_ must be taken, n_ must be refused, i_ may go either way. Our own rule on top: no name twice.
#include "codec/json.h"

#include <gtest/gtest.h>

#include "support/vectors.h"

namespace elicense {
namespace {

using namespace test;

constexpr JsonLimits kSuiteLimits = {.bytes = std::size_t{1} << 20, .depth = 1000, .values = 100'000};

void expect_stable(VectorCase& vector, const Json& value) {
  const auto again = Json::parse(value.dump(), kSuiteLimits);
  vector.holds(again.ok() && *again == value, "reads back as it was written");
  const auto pretty = Json::parse(value.dump_pretty(), kSuiteLimits);
  vector.holds(pretty.ok() && *pretty == value, "reads back as it was written over several lines");
}

TEST(Vectors, JsonTestSuiteParsing) {
  Tally& must = Tally::of("JSONTestSuite, y_ and n_");
  ELICENSE_VECTORS_OR_SKIP(must, "JSONTestSuite/test_parsing/");
  Tally& either = Tally::of("JSONTestSuite, i_ (either way)");
  for (const std::string& path : vector_files("JSONTestSuite/test_parsing/")) {
    const std::string name = file_name(path);
    VectorCase vector(name.starts_with("i_") ? either : must, name);
    const auto parsed = Json::parse(read_vector(path), kSuiteLimits);
    if (name.starts_with("y_object_duplicated_key")) {
      vector.refused(parsed, {ErrorCode::json_duplicate_key});
    } else if (name.starts_with("n_")) {
      vector.refused(parsed, {ErrorCode::json_syntax, ErrorCode::json_depth});
    } else if (name.starts_with("i_") && !parsed.ok()) {
      vector.refused(parsed, {ErrorCode::json_syntax});
    } else if (vector.holds(parsed.ok(), "is taken")) {
      expect_stable(vector, *parsed);
    }
  }
}

TEST(Vectors, JsonTestSuiteTransform) {
  Tally& tally = Tally::of("JSONTestSuite, test_transform");
  ELICENSE_VECTORS_OR_SKIP(tally, "JSONTestSuite/test_transform/");
  for (const std::string& path : vector_files("JSONTestSuite/test_transform/")) {
    const std::string name = file_name(path);
    VectorCase vector(tally, name);
    const auto parsed = Json::parse(read_vector(path), kSuiteLimits);
    if (name.starts_with("object_same_key_")) {
      vector.refused(parsed, {ErrorCode::json_duplicate_key});
    } else if (name.find("invalid_codepoint") != std::string::npos) {
      vector.refused(parsed, {ErrorCode::json_syntax});
    } else if (vector.holds(parsed.ok(), "is taken")) {
      expect_stable(vector, *parsed);
    }
  }
}

}  // namespace
}  // namespace elicense
