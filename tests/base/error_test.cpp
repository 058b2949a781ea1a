#include "base/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace elicense {
namespace {

const std::vector<ErrorCode> kAll = {
#define ELICENSE_CODE(symbol, text) ErrorCode::symbol,
    ELICENSE_ERROR_CODES(ELICENSE_CODE)
#undef ELICENSE_CODE
};

TEST(ErrorCode, EveryNameLeadsBackToItsCode) {
  for (const ErrorCode code : kAll) EXPECT_EQ(error_from_name(error_name(code)), code) << error_name(code);
}

TEST(ErrorCode, NamesAreDistinctLowerCaseWordsWithHyphens) {
  std::set<std::string_view> seen;
  for (const ErrorCode code : kAll) {
    const std::string_view name = error_name(code);
    EXPECT_TRUE(seen.insert(name).second) << name;
    EXPECT_FALSE(name.empty() || name.front() == '-' || name.back() == '-') << name;
    EXPECT_TRUE(std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    })) << name;
  }
}

TEST(ErrorCode, ForeignNamesAreNone) {
  for (const std::string_view name :
       {"", "ok", "base45", "BASE45-CHARACTER", "base45-character ", "base45_character"}) {
    EXPECT_FALSE(error_from_name(name)) << name;
  }
}

TEST(ErrorCode, NamesOfTheWireFormat) {
  EXPECT_EQ(error_name(ErrorCode::base45_character), "base45-character");
  EXPECT_EQ(error_name(ErrorCode::cose_shape), "cose-shape");
  EXPECT_EQ(error_name(ErrorCode::issuer_unknown), "issuer-unknown");
  EXPECT_EQ(error_name(ErrorCode::signature), "signature");
  EXPECT_EQ(error_name(ErrorCode::lease_expired), "lease-expired");
  EXPECT_EQ(error_name(ErrorCode::not_live), "not-live");
  EXPECT_EQ(error_name(ErrorCode::stale), "stale");
  EXPECT_EQ(error_name(ErrorCode::clock_ahead), "clock-ahead");
}

}  // namespace
}  // namespace elicense
