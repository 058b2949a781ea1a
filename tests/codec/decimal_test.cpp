#include "codec/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "codec/bit_cast.h"

namespace elicense {
namespace {

TEST(Decimal, ShortestInTheLayoutOfTheStandards) {
  struct Row {
    double value;
    const char* text;
  };
  const Row rows[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1, "1.0"},
      {-4, "-4.0"},
      {1.1, "1.1"},
      {-4.1, "-4.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {100000, "100000.0"},
      {65504, "65504.0"},
      {123.456, "123.456"},
      {5e-324, "5.0e-324"},
      {1e-6, "0.000001"},
      {1e-7, "1.0e-7"},
      {1.5e-7, "1.5e-7"},
      {6.103515625e-05, "0.00006103515625"},
      {5.960464477539063e-08, "5.960464477539063e-8"},
      {1e20, "100000000000000000000.0"},
      {1e21, "1.0e+21"},
      {1e300, "1.0e+300"},
      {3.4028234663852886e+38, "3.4028234663852886e+38"},
      {9007199254740993.0, "9007199254740992.0"},
      {18446744073709551616.0, "18446744073709552000.0"},
      {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
      {std::numeric_limits<double>::min(), "2.2250738585072014e-308"},
  };
  for (const Row& row : rows) EXPECT_EQ(shortest_decimal(row.value), row.text);
}

TEST(Decimal, ReadsBackAsTheSameNumber) {
  std::uint64_t bits = 1;
  for (int i = 0; i < 5000; ++i) {
    bits = bits * 6364136223846793005U + 1442695040888963407U;
    const auto value = bit_cast<double>(bits);
    if (!std::isfinite(value)) continue;
    const std::string text = shortest_decimal(value);
    ASSERT_EQ(bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)), bits) << text;
    ASSERT_NE(text.find('.'), std::string::npos);
  }
}

#if GTEST_HAS_DEATH_TEST
TEST(DecimalDeathTest, HasNoNameForWhatIsNoNumber) {
  EXPECT_DEATH(shortest_decimal(std::numeric_limits<double>::infinity()), "broken invariant");
  EXPECT_DEATH(shortest_decimal(std::numeric_limits<double>::quiet_NaN()), "broken invariant");
}
#endif

}  // namespace
}  // namespace elicense
