#include "codec/cbor.h"

#include "fuzz/fuzz.h"

using namespace elicense;

namespace {

constexpr cbor::Limits kLimits = {.bytes = 65536, .depth = 16, .items = 1024};

void walk(const cbor::Item& item) {
  fuzz::must(!item.encoded().empty());
  for (const cbor::Item& element : item.elements()) walk(element);
  for (const auto& [key, value] : item.pairs()) {
    walk(key);
    walk(value);
    if (const auto number = key.integer()) fuzz::must(item.find(*number).has_value());
    if (const auto name = key.text()) fuzz::must(item.find(*name).has_value());
  }
  if (const auto inner = item.tagged()) walk(*inner);
}

}  // namespace

// What is taken can be walked, shown, and written in its deterministic form, which reads back to itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = cbor::Document::parse(fuzz::view(data, size), kLimits);
  if (!document) return 0;
  walk(document->root());
  fuzz::must(!cbor::diagnose(document->root(), cbor::ByteStrings::unwrap).empty());
  const Bytes written = cbor::encode(document->root()).bytes;
  const auto again = cbor::Document::parse(written, kLimits);
  fuzz::must(again.ok() && equal(cbor::encode(again->root()).bytes, written));
  return 0;
}
