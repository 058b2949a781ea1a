#include "base/utf8.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/grapheme_ranges.h"

namespace elicense {
namespace {

bool is_continuation(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

// Length of the well-formed sequence at the front (Unicode table 3-7), 0 when there is none.
std::size_t sequence_length(ByteView bytes) {
  const std::uint8_t lead = bytes[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : (lead < 0xf0 ? 3 : 4);
  if (bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(bytes[i])) return 0;
  }
  const std::uint8_t second = bytes[1];
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool beyond = lead == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

struct CodePoint {
  char32_t value;
  std::size_t length;
};

// Of UTF-8 known to be well-formed; a stray byte is taken alone, so that bad text cannot make the walk leave its
// bounds.
CodePoint code_point_at(ByteView bytes) {
  const std::size_t length = sequence_length(bytes);
  if (length <= 1) return {length == 1 ? char32_t{bytes[0]} : char32_t{0xfffd}, 1};
  char32_t value = bytes[0] & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = value << 6 | (bytes[i] & 0x3fU);
  return {value, length};
}

bool is_in(std::span<const std::uint32_t> ranges, char32_t c) {
  const std::uint32_t most = static_cast<std::uint32_t>(c) << 11 | 0x7ff;
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), most);
  if (after == ranges.begin()) return false;
  const std::uint32_t range = *(after - 1);
  return c - (range >> 11) <= (range & 0x7ff);
}

enum class BreakClass : std::uint8_t {
  other,
  carriage_return,
  line_feed,
  control,
  extend,
  joiner,
  prepend,
  pictographic,
  regional_indicator,
  hangul_l,
  hangul_v,
  hangul_t,
  hangul_lv,
  hangul_lvt,
};

BreakClass hangul_class(char32_t c) {
  if (c >= 0x1100 && c <= 0x115f) return BreakClass::hangul_l;
  if (c >= 0x1160 && c <= 0x11a7) return BreakClass::hangul_v;
  if (c >= 0x11a8 && c <= 0x11ff) return BreakClass::hangul_t;
  if (c >= 0xa960 && c <= 0xa97c) return BreakClass::hangul_l;
  if (c >= 0xac00 && c <= 0xd7a3) return (c - 0xac00) % 28 == 0 ? BreakClass::hangul_lv : BreakClass::hangul_lvt;
  if (c >= 0xd7b0 && c <= 0xd7c6) return BreakClass::hangul_v;
  if (c >= 0xd7cb && c <= 0xd7fb) return BreakClass::hangul_t;
  return BreakClass::other;
}

BreakClass break_class(char32_t c) {
  if (c >= 0x20 && c < 0x7f) return BreakClass::other;
  if (c >= 0x4e00 && c <= 0x9fff) return BreakClass::other;  // the characters of most names
  if (c == '\r') return BreakClass::carriage_return;
  if (c == '\n') return BreakClass::line_feed;
  if (c == 0x200d) return BreakClass::joiner;
  if (c >= 0x1f1e6 && c <= 0x1f1ff) return BreakClass::regional_indicator;
  if (const BreakClass hangul = hangul_class(c); hangul != BreakClass::other) return hangul;
  if (is_in(kControlRanges, c)) return BreakClass::control;
  if (is_in(kExtendRanges, c)) return BreakClass::extend;
  if (is_in(kPrependRanges, c)) return BreakClass::prepend;
  if (is_in(kPictographicRanges, c)) return BreakClass::pictographic;
  return BreakClass::other;
}

bool is_control(BreakClass c) {
  return c == BreakClass::control || c == BreakClass::carriage_return || c == BreakClass::line_feed;
}

bool joins_hangul(BreakClass before, BreakClass after) {  // GB6 to GB8
  switch (before) {
    case BreakClass::hangul_l:
      return after == BreakClass::hangul_l || after == BreakClass::hangul_v || after == BreakClass::hangul_lv ||
             after == BreakClass::hangul_lvt;
    case BreakClass::hangul_lv:
    case BreakClass::hangul_v:
      return after == BreakClass::hangul_v || after == BreakClass::hangul_t;
    case BreakClass::hangul_lvt:
    case BreakClass::hangul_t:
      return after == BreakClass::hangul_t;
    default:
      return false;
  }
}

// What of a cluster, beside its last character, decides whether the next one belongs to it.
class Cluster {
 public:
  void begin(BreakClass c) {
    last_ = c;
    emoji_ = Emoji::none;
    open_flag_ = false;
    note(c);
  }
  bool takes(BreakClass c) const {
    if (last_ == BreakClass::carriage_return) return c == BreakClass::line_feed;  // GB3
    if (is_control(last_) || is_control(c)) return false;                         // GB4, GB5
    if (c == BreakClass::extend || c == BreakClass::joiner) return true;          // GB9, GB9a
    if (last_ == BreakClass::prepend) return true;                                // GB9b
    if (c == BreakClass::pictographic && emoji_ == Emoji::joined) return true;    // GB11
    if (c == BreakClass::regional_indicator && last_ == c) return open_flag_;     // GB12, GB13
    return joins_hangul(last_, c);
  }
  void add(BreakClass c) {
    last_ = c;
    note(c);
  }

 private:
  enum class Emoji : std::uint8_t { none, seen, joined };  // joined: pictograph, extenders, one ZWJ

  void note(BreakClass c) {
    if (c == BreakClass::pictographic) {
      emoji_ = Emoji::seen;
    } else if (c == BreakClass::joiner && emoji_ == Emoji::seen) {
      emoji_ = Emoji::joined;
    } else if (c != BreakClass::extend || emoji_ == Emoji::joined) {
      emoji_ = Emoji::none;
    }
    open_flag_ = c == BreakClass::regional_indicator && !open_flag_;
  }

  BreakClass last_ = BreakClass::other;
  Emoji emoji_ = Emoji::none;
  bool open_flag_ = false;
};

}  // namespace

bool is_utf8(ByteView bytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t i = 0;
  while (i < bytes.size()) {
    std::uint64_t eight = kHighBits;
    if (bytes.size() - i >= sizeof eight) std::memcpy(&eight, bytes.data() + i, sizeof eight);
    if ((eight & kHighBits) == 0) {
      i += sizeof eight;
      continue;
    }
    const std::size_t length = sequence_length(bytes.subspan(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::vector<std::string_view> graphemes(std::string_view text) {
  std::vector<std::string_view> clusters;
  const ByteView bytes = view_of(text);
  Cluster cluster;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const CodePoint next = code_point_at(bytes.subspan(i));
    const BreakClass c = break_class(next.value);
    if (i > begin && cluster.takes(c)) {
      cluster.add(c);
    } else {
      if (i > begin) clusters.push_back(text.substr(begin, i - begin));
      begin = i;
      cluster.begin(c);
    }
    i += next.length;
  }
  if (begin < bytes.size()) clusters.push_back(text.substr(begin));
  return clusters;
}

}  // namespace elicense
