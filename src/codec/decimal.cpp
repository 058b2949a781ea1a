#include "codec/decimal.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "base/invariant.h"
#include "codec/bit_cast.h"

namespace elicense {
namespace {

// value = 0.digits * 10^exponent, no zero at either end of digits. Zero itself has no digits.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

void strip_zeros(Decimal& decimal) {
  const std::size_t first = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, first);
  decimal.exponent -= static_cast<int>(first);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
}

bool less(const Decimal& a, const Decimal& b) {
  return a.exponent != b.exponent ? a.exponent < b.exponent : a.digits < b.digits;
}

// mantissa * 2^power, all its digits: a double has at most 767, what lies half way between two has one more.
Decimal exact_decimal(std::uint64_t mantissa, int power) {
  constexpr std::uint32_t kBase = 1'000'000'000;
  std::vector<std::uint32_t> limbs;  // the lowest first
  for (; mantissa > 0; mantissa /= kBase) limbs.push_back(static_cast<std::uint32_t>(mantissa % kBase));
  const std::uint32_t factor = power < 0 ? 5 : 2;  // 2^-n is 5^n / 10^n
  for (int left = std::abs(power); left > 0;) {
    std::uint64_t several = 1;
    for (; left > 0 && several * factor < kBase; --left) several *= factor;
    std::uint64_t carry = 0;
    for (std::uint32_t& limb : limbs) {
      carry += limb * several;
      limb = static_cast<std::uint32_t>(carry % kBase);
      carry /= kBase;
    }
    if (carry > 0) limbs.push_back(static_cast<std::uint32_t>(carry));
  }
  Decimal decimal;
  std::reverse(limbs.begin(), limbs.end());
  for (const std::uint32_t limb : limbs) {
    for (std::uint32_t place = kBase / 10; place > 0; place /= 10) {
      decimal.digits += static_cast<char>('0' + limb / place % 10);
    }
  }
  decimal.exponent = static_cast<int>(decimal.digits.size()) + std::min(power, 0);
  strip_zeros(decimal);
  return decimal;
}

// Doubles that are not negative, in their order: the next number's is the next double.
using Ordinal = std::uint64_t;

enum class Place : int { itself = 0, half_way_to_next = 1 };

Decimal exact_decimal(Ordinal ordinal, Place place) {
  constexpr int kFractionBits = 52;
  constexpr Ordinal kHiddenBit = Ordinal{1} << kFractionBits;
  const int exponent = static_cast<int>(ordinal >> kFractionBits);
  const std::uint64_t mantissa = (ordinal & (kHiddenBit - 1)) | (exponent > 0 ? kHiddenBit : 0);
  return exact_decimal(mantissa * 2 + static_cast<unsigned>(place), std::max(exponent, 1) - 1076);
}

// The numbers that read as one double: those between the middles to its neighbours, and these too if it is even.
class Neighbourhood {
 public:
  explicit Neighbourhood(Ordinal ordinal)
      : below_(exact_decimal(ordinal - 1, Place::half_way_to_next)),
        above_(exact_decimal(ordinal, Place::half_way_to_next)),
        is_even_(ordinal % 2 == 0) {}
  bool has(const Decimal& decimal) const {
    return is_even_ ? !less(decimal, below_) && !less(above_, decimal) : less(below_, decimal) && less(decimal, above_);
  }

 private:
  Decimal below_;
  Decimal above_;
  bool is_even_;
};

Decimal rounded_up(Decimal decimal) {
  while (!decimal.digits.empty() && decimal.digits.back() == '9') decimal.digits.pop_back();
  if (decimal.digits.empty()) return {"1", decimal.exponent + 1};
  ++decimal.digits.back();
  return decimal;
}

Decimal shortest_digits(double magnitude) {
  constexpr std::size_t kSure = 15;    // significant digits that a double keeps, unless it is subnormal
  constexpr std::size_t kEnough = 17;  // significant digits that tell any two doubles apart
  const auto ordinal = bit_cast<Ordinal>(magnitude);
  Decimal exact = exact_decimal(ordinal, Place::itself);
  const Neighbourhood neighbourhood(ordinal);
  for (std::size_t count = magnitude < std::numeric_limits<double>::min() ? 1 : kSure; count <= kEnough; ++count) {
    if (exact.digits.size() <= count) return exact;
    const std::string rest = exact.digits.substr(count);
    const Decimal cut = {exact.digits.substr(0, count), exact.exponent};
    Decimal lower = cut;
    strip_zeros(lower);
    Decimal upper = rounded_up(cut);
    const bool upper_is_nearer = rest > "5" || (rest == "5" && cut.digits.back() % 2 != 0);
    const Decimal& nearer = upper_is_nearer ? upper : lower;
    if (neighbourhood.has(nearer)) return nearer;
    // Above a power of two the next double is twice as far away as below: then the digits rounded up may do and those
    // rounded to the nearest not (2^-24).
    if (neighbourhood.has(upper)) return upper;
  }
  ELICENSE_ASSERT(false);
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
