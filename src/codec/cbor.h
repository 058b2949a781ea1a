// CBOR (RFC 8949): a strict reader and a deterministic writer (4.2.1).
// The reader checks a whole document before anybody sees an item of it. It refuses: truncation, trailing bytes,
// nesting, item counts or sizes beyond the limits, duplicate map keys, heads longer than needed, indefinite lengths,
// reserved values and text that is not UTF-8. Floating point numbers of any width are taken as they are; tags are kept,
// their meaning is the caller's.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace elicense::cbor {

struct Limits {
  std::size_t bytes;
  std::size_t depth;  // nesting of arrays, maps and tags; a lone item has depth 1
  std::size_t items;  // of all kinds together
};

enum class Kind : std::uint8_t {
  unsigned_integer,
  negative_integer,
  byte_string,
  text_string,
  array,
  map,
  tag,
  simple,
  floating
};

class Document;

// A place in a document, valid as long as the document is neither destroyed nor moved from. Getters answer nullopt when
// the item is of another kind.
class Item {
 public:
  Kind kind() const;
  std::optional<std::int64_t> integer() const;     // either sign; nullopt beyond int64
  std::optional<std::uint64_t> magnitude() const;  // n of an unsigned n or of a negative -1-n
  std::optional<ByteView> bytes() const;
  std::optional<std::string_view> text() const;
  std::optional<std::uint64_t> tag() const;
  std::optional<Item> tagged() const;          // what a tag stands before
  std::optional<std::uint8_t> simple() const;  // 20 false, 21 true, 22 null, 23 undefined, others
  std::optional<double> floating() const;

  std::size_t size() const;                          // elements of an array, pairs of a map, else 0
  std::optional<Item> at(std::size_t index) const;   // of an array; walks: O(index)
  std::vector<Item> elements() const;                // of an array
  std::vector<std::pair<Item, Item>> pairs() const;  // of a map
  std::optional<Item> find(std::int64_t key) const;  // of a map
  std::optional<Item> find(std::string_view key) const;

  ByteView encoded() const;  // the item's own bytes as received

 private:
  friend class Document;
  Item(const Document* document, std::size_t index) : document_(document), index_(index) {}
  template <class Matches>
  std::optional<Item> find_where(const Matches& matches) const;
  const Document* document_;
  std::size_t index_;
};

class Document {
 public:
  static Result<Document> parse(ByteView bytes, const Limits& limits);  // keeps a copy of the bytes
  Item root() const { return {this, 0}; }
  std::size_t item_count() const { return nodes_.size(); }

 private:
  friend class Item;
  class Parser;
  struct Node {  // items in the order of their bytes; the children of a node follow it
    std::uint64_t argument;
    std::uint32_t begin, content, end;  // offsets: head, first byte after the head, one past the item
    std::uint32_t next;                 // index of the item after this one and all within it
    Kind kind;
    std::uint8_t width;  // of a floating point number: 2, 4 or 8
  };
  Document() = default;
  Bytes bytes_;
  std::vector<Node> nodes_;
};

// Encoded items. A map sorts its pairs by the bytes of their keys; two equal keys are a broken invariant.
struct Encoded {
  Bytes bytes;
};
Encoded integer(std::int64_t value);
Encoded unsigned_integer(std::uint64_t value);
Encoded byte_string(ByteView bytes);
Encoded text_string(std::string_view utf8);
Encoded array(const std::vector<Encoded>& elements);
Encoded array_head(std::uint64_t count);  // for who appends that many encoded elements himself
Encoded map(std::vector<std::pair<Encoded, Encoded>> pairs);
Encoded tag(std::uint64_t number, const Encoded& content);
Encoded boolean(bool value);
Encoded null();
Encoded floating(double value);    // the shortest of the three widths that keeps the value
Encoded encode(const Item& item);  // deterministic form of an item read: sorted maps, shortest floats

// Diagnostic notation (RFC 8949 8). With `unwrap`, byte strings that hold exactly one well-formed array, map or tag are
// shown as <<…>>.
enum class ByteStrings : std::uint8_t { as_hex, unwrap };
std::string diagnose(const Item& item, ByteStrings byte_strings);

}  // namespace elicense::cbor
