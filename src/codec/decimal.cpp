#include "codec/decimal.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "base/result.h"

namespace elicense {
namespace {

// value = 0.digits * 10^exponent, no trailing zero in digits.
struct Decimal {
  std::string digits;
  int exponent;
};

bool reads_as(const std::string& digits, int power, double value) {
  return std::strtod((digits + "e" + std::to_string(power)).c_str(), nullptr) == value;
}

Decimal shortest_digits(double magnitude) {
  constexpr int kSure = 15;    // significant digits that a double keeps, unless it is subnormal
  constexpr int kEnough = 17;  // significant digits that tell any two doubles apart
  for (int count = magnitude < std::numeric_limits<double>::min() ? 1 : kSure;; ++count) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*e", count - 1, magnitude);
    std::string digits;
    const char* c = text.data();
    for (; *c != 'e'; ++c) {
      if (*c >= '0' && *c <= '9') digits += *c;
    }
    const int power = static_cast<int>(std::strtol(c + 1, nullptr, 10)) - (count - 1);
    // Above a power of two the next double is twice as far away as below: then the digits rounded up may do and those
    // rounded to the nearest not (2^-24).
    if (!reads_as(digits, power, magnitude)) digits = std::to_string(std::strtoull(digits.c_str(), nullptr, 10) + 1);
    if (count < kEnough && !reads_as(digits, power, magnitude)) continue;
    const int exponent = power + static_cast<int>(digits.size());
    while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
    return {digits, exponent};
  }
}

std::string laid_out(const Decimal& decimal) {
  constexpr int kMostPlain = 21;
  constexpr int kLeastPlain = -5;
  const std::string& digits = decimal.digits;
  const int exponent = decimal.exponent;
  if (exponent > kMostPlain || exponent < kLeastPlain) {
    const std::string fraction = digits.size() > 1 ? digits.substr(1) : "0";
    return digits.substr(0, 1) + "." + fraction + "e" + (exponent > 0 ? "+" : "-") +
           std::to_string(std::abs(exponent - 1));
  }
  if (exponent <= 0) return "0." + std::string(static_cast<std::size_t>(-exponent), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent);
  if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0') + ".0";
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace

std::string shortest_decimal(double value) {
  ELICENSE_ASSERT(std::isfinite(value));
  const std::string sign = std::signbit(value) ? "-" : "";
  const double magnitude = std::fabs(value);
  return sign + (magnitude > 0 ? laid_out(shortest_digits(magnitude)) : "0.0");
}

}  // namespace elicense
