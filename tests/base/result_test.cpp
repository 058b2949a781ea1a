#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace elicense {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return ErrorCode::text_size;
  return value / 2;
}

Result<std::string> quarter_as_text(int value) {
  ELICENSE_TRY(const int once, half(value));
  ELICENSE_TRY(const int twice, half(once));
  return std::to_string(twice);
}

Status both_even(int a, int b, int& checked) {
  ELICENSE_CHECK(half(a));
  ++checked;
  ELICENSE_CHECK(half(b));
  ++checked;
  return Done{};
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = half(4);
  EXPECT_TRUE(good.ok());
  EXPECT_TRUE(good);
  EXPECT_EQ(good.value(), 2);
  EXPECT_EQ(*good, 2);
  const Result<int> bad = half(3);
  EXPECT_FALSE(bad.ok());
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error(), ErrorCode::text_size);
}

TEST(Result, TryPassesTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter_as_text(12).value(), "3");
  EXPECT_EQ(quarter_as_text(7).error(), ErrorCode::text_size);
  EXPECT_EQ(quarter_as_text(6).error(), ErrorCode::text_size);
}

TEST(Result, CheckStopsAtTheFirstError) {
  int checked = 0;
  EXPECT_TRUE(both_even(2, 4, checked).ok());
  EXPECT_EQ(checked, 2);
  checked = 0;
  EXPECT_EQ(both_even(2, 3, checked).error(), ErrorCode::text_size);
  EXPECT_EQ(checked, 1);
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, ArrowReachesTheValue) {
  Result<std::string> result(std::string("abc"));
  EXPECT_EQ(result->size(), 3U);
  result->push_back('d');
  EXPECT_EQ(*result, "abcd");
}

#if GTEST_HAS_DEATH_TEST
TEST(ResultDeathTest, ReadingTheWrongOneStopsTheProgram) {
  const Result<int> bad = ErrorCode::stale;
  const Result<int> good = 1;
  EXPECT_DEATH(static_cast<void>(bad.value()), "broken invariant");
  EXPECT_DEATH(static_cast<void>(good.error()), "broken invariant");
}
#endif

}  // namespace
}  // namespace elicense
