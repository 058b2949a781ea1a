#include <algorithm>
#include <cmath>
#include <limits>

#include "base/utf8.h"
#include "codec/bit_cast.h"
#include "codec/cbor.h"

namespace elicense::cbor {
namespace {

// +-----+-----+ +----------------+
// |  3  |  5  | | 0, 1, 2, 4, 8  |   RFC 8949 3: major type, additional information, argument
// +-----+-----+ +----------------+
struct Head {
  std::uint8_t major;
  std::uint8_t information;
  std::uint64_t argument;
  std::size_t length;
};

constexpr std::uint8_t kMajorMap = 5;
constexpr std::uint8_t kMajorSimple = 7;
constexpr std::size_t kMostBytes = std::size_t{1} << 31;  // offsets and indices have 32 bits

ErrorCode reserved_or_indefinite(std::uint8_t major, std::uint8_t information) {
  constexpr std::uint8_t kIndefinite = 31;
  return information == kIndefinite && major >= 2 && major <= kMajorMap ? ErrorCode::cbor_indefinite
                                                                        : ErrorCode::cbor_reserved;
}

Result<Head> read_head(ByteView bytes) {
  if (bytes.empty()) return ErrorCode::cbor_truncated;
  Head head{static_cast<std::uint8_t>(bytes[0] >> 5), static_cast<std::uint8_t>(bytes[0] & 31), bytes[0] & 31U, 1};
  if (head.information < 24) return head;
  if (head.information > 27) return reserved_or_indefinite(head.major, head.information);
  const std::size_t width = std::size_t{1} << (head.information - 24);
  if (width > bytes.size() - 1) return ErrorCode::cbor_truncated;
  head.argument = 0;
  for (std::size_t i = 1; i <= width; ++i) head.argument = head.argument << 8 | bytes[i];
  head.length = 1 + width;
  if (head.major == kMajorSimple) {
    if (width == 1 && head.argument < 32) return ErrorCode::cbor_reserved;
    return head;
  }
  const std::uint64_t least = width == 1 ? 24 : std::uint64_t{1} << (width * 4);
  return head.argument < least ? Result<Head>(ErrorCode::cbor_not_minimal) : Result<Head>(head);
}

Kind kind_of(const Head& head) {
  if (head.major < kMajorSimple) return static_cast<Kind>(head.major);  // Kind is in the order of the major types
  return head.information >= 25 ? Kind::floating : Kind::simple;
}

double half_to_double(std::uint16_t bits) {  // RFC 8949 appendix D
  const int exponent = bits >> 10 & 31;
  const int mantissa = bits & 0x3ff;
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else if (exponent != 31) {
    value = std::ldexp(mantissa + 1024, exponent - 25);
  } else {
    value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

// Two keys are the same when their deterministic forms are: 1.0 is one key in each of its three widths.
bool needs_deterministic_form(Kind kind) {
  return kind == Kind::floating || kind == Kind::array || kind == Kind::map || kind == Kind::tag;
}

}  // namespace

class Document::Parser {
 public:
  Parser(Document& document, const Limits& limits)
      : document_(document), bytes_(document.bytes_), nodes_(document.nodes_), limits_(limits) {}

  Status run() {
    nodes_.reserve(std::min<std::size_t>(bytes_.size(), 64));
    do {
      ELICENSE_CHECK(read_item());
      while (!open_.empty() && open_.back().children_left == 0) ELICENSE_CHECK(close());
    } while (!open_.empty());
    if (position_ != bytes_.size()) return ErrorCode::cbor_trailing;
    return Done{};
  }

 private:
  struct Open {
    std::size_t node;
    std::uint64_t children_left;
  };

  std::size_t left() const { return bytes_.size() - position_; }

  Status read_item() {
    if (open_.size() >= limits_.depth) return ErrorCode::cbor_depth;
    if (nodes_.size() >= limits_.items) return ErrorCode::cbor_count;
    ELICENSE_TRY(const Head head, read_head(bytes_.subspan(position_)));
    if (!open_.empty()) --open_.back().children_left;
    Node node{};
    node.argument = head.argument;
    node.kind = kind_of(head);
    node.width = node.kind == Kind::floating ? static_cast<std::uint8_t>(head.length - 1) : std::uint8_t{0};
    node.begin = static_cast<std::uint32_t>(position_);
    position_ += head.length;
    node.content = static_cast<std::uint32_t>(position_);
    if (node.kind == Kind::byte_string || node.kind == Kind::text_string) ELICENSE_CHECK(read_string(node));
    node.end = static_cast<std::uint32_t>(position_);
    node.next = static_cast<std::uint32_t>(nodes_.size() + 1);
    ELICENSE_TRY(const std::uint64_t children, count_children(node));
    if (children > 0) open_.push_back({nodes_.size(), children});
    nodes_.push_back(node);
    return Done{};
  }

  Status read_string(const Node& node) {
    if (node.argument > left()) return ErrorCode::cbor_truncated;
    const ByteView content = bytes_.subspan(position_, static_cast<std::size_t>(node.argument));
    if (node.kind == Kind::text_string && !is_utf8(content)) return ErrorCode::cbor_utf8;
    position_ += content.size();
    return Done{};
  }

  // Every child takes a byte at least, so that no count from outside is larger than the document.
  Result<std::uint64_t> count_children(const Node& node) const {
    if (node.kind == Kind::tag) return std::uint64_t{1};
    if (node.kind != Kind::array && node.kind != Kind::map) return std::uint64_t{0};
    const std::uint64_t each = node.kind == Kind::map ? 2 : 1;
    if (node.argument > left() / each) return ErrorCode::cbor_truncated;
    if (node.argument > (limits_.items - nodes_.size()) / each) return ErrorCode::cbor_count;
    return node.argument * each;
  }

  Status close() {
    const std::size_t index = open_.back().node;
    open_.pop_back();
    nodes_[index].end = static_cast<std::uint32_t>(position_);
    nodes_[index].next = static_cast<std::uint32_t>(nodes_.size());
    if (nodes_[index].kind == Kind::map && has_duplicate(index)) return ErrorCode::cbor_duplicate_key;
    return Done{};
  }

  bool has_duplicate(std::size_t map) {
    keys_.clear();
    deterministic_.clear();
    for (std::size_t key = map + 1; key < nodes_[map].next; key = nodes_[nodes_[key].next].next) {
      const Item item(&document_, key);
      keys_.push_back(text_of(item.encoded()));
      if (!needs_deterministic_form(item.kind())) continue;
      deterministic_.push_back(encode(item).bytes);
      keys_.back() = text_of(deterministic_.back());
    }
    return has_equals(keys_);
  }

  const Document& document_;
  ByteView bytes_;
  std::vector<Node>& nodes_;
  Limits limits_;
  std::size_t position_ = 0;
  std::vector<Open> open_;
  std::vector<std::string_view> keys_;
  std::vector<Bytes> deterministic_;
};

Result<Document> Document::parse(ByteView bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes || bytes.size() > kMostBytes) return ErrorCode::cbor_size;
  Document document;
  document.bytes_ = copy_of(bytes);
  ELICENSE_CHECK(Parser(document, limits).run());
  return document;
}

Kind Item::kind() const { return document_->nodes_[index_].kind; }

std::optional<std::uint64_t> Item::magnitude() const {
  const auto& node = document_->nodes_[index_];
  if (node.kind != Kind::unsigned_integer && node.kind != Kind::negative_integer) return std::nullopt;
  return node.argument;
}

std::optional<std::int64_t> Item::integer() const {
  const auto n = magnitude();
  if (!n || *n > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
  const auto value = static_cast<std::int64_t>(*n);
  return kind() == Kind::unsigned_integer ? value : -1 - value;
}

std::optional<ByteView> Item::bytes() const {
  const auto& node = document_->nodes_[index_];
  if (node.kind != Kind::byte_string) return std::nullopt;
  return ByteView(document_->bytes_).subspan(node.content, node.end - node.content);
}

std::optional<std::string_view> Item::text() const {
  const auto& node = document_->nodes_[index_];
  if (node.kind != Kind::text_string) return std::nullopt;
  return text_of(ByteView(document_->bytes_).subspan(node.content, node.end - node.content));
}

std::optional<std::uint64_t> Item::tag() const {
  const auto& node = document_->nodes_[index_];
  return node.kind == Kind::tag ? std::optional(node.argument) : std::nullopt;
}

std::optional<Item> Item::tagged() const {
  return kind() == Kind::tag ? std::optional(Item(document_, index_ + 1)) : std::nullopt;
}

std::optional<std::uint8_t> Item::simple() const {
  const auto& node = document_->nodes_[index_];
  return node.kind == Kind::simple ? std::optional(static_cast<std::uint8_t>(node.argument)) : std::nullopt;
}

std::optional<double> Item::floating() const {
  const auto& node = document_->nodes_[index_];
  if (node.kind != Kind::floating) return std::nullopt;
  if (node.width == 2) return half_to_double(static_cast<std::uint16_t>(node.argument));
  if (node.width == 4) return bit_cast<float>(static_cast<std::uint32_t>(node.argument));
  return bit_cast<double>(node.argument);
}

std::size_t Item::size() const {
  const auto& node = document_->nodes_[index_];
  return node.kind == Kind::array || node.kind == Kind::map ? static_cast<std::size_t>(node.argument) : 0;
}

std::optional<Item> Item::at(std::size_t index) const {
  if (kind() != Kind::array || index >= size()) return std::nullopt;
  std::size_t element = index_ + 1;
  for (; index > 0; --index) element = document_->nodes_[element].next;
  return Item(document_, element);
}

std::vector<Item> Item::elements() const {
  std::vector<Item> items;
  if (kind() != Kind::array) return items;
  items.reserve(size());
  const auto& nodes = document_->nodes_;
  for (std::size_t i = index_ + 1; i < nodes[index_].next; i = nodes[i].next) items.push_back(Item(document_, i));
  return items;
}

std::vector<std::pair<Item, Item>> Item::pairs() const {
  std::vector<std::pair<Item, Item>> found;
  if (kind() != Kind::map) return found;
  found.reserve(size());
  const auto& nodes = document_->nodes_;
  for (std::size_t key = index_ + 1; key < nodes[index_].next; key = nodes[nodes[key].next].next) {
    found.emplace_back(Item(document_, key), Item(document_, nodes[key].next));
  }
  return found;
}

template <class Matches>
std::optional<Item> Item::find_where(const Matches& matches) const {
  if (kind() != Kind::map) return std::nullopt;
  const auto& nodes = document_->nodes_;
  for (std::size_t key = index_ + 1; key < nodes[index_].next; key = nodes[nodes[key].next].next) {
    if (matches(Item(document_, key))) return Item(document_, nodes[key].next);
  }
  return std::nullopt;
}

std::optional<Item> Item::find(std::int64_t key) const {
  return find_where([key](const Item& item) { return item.integer() == key; });
}

std::optional<Item> Item::find(std::string_view key) const {
  return find_where([key](const Item& item) { return item.text() == key; });
}

ByteView Item::encoded() const {
  const auto& node = document_->nodes_[index_];
  return ByteView(document_->bytes_).subspan(node.begin, node.end - node.begin);
}

}  // namespace elicense::cbor
