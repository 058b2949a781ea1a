// Token Status List: every index of every list of the draft, and the encodings of its examples.
#include "token/status_list.h"

#include <gtest/gtest.h>

#include <map>

#include "base/base64url.h"
#include "support/demo.h"
#include "support/vectors.h"
#include "token/cose.h"

namespace elicense {
namespace {

using namespace test;

struct ListForm {
  int bits;
  std::string lst;
};

ListForm json_form(const Json& list) {
  return {.bits = static_cast<int>(at(list, "bits").integer().value_or(0)), .lst = text_at(list, "lst")};
}

// {"bits": n, "lst": bytes}
std::optional<ListForm> cbor_form(ByteView encoded) {
  const auto document = cbor::Document::parse(encoded, kVectorCbor);
  if (!document.ok()) return std::nullopt;
  const auto bits = document->root().find("bits");
  const auto lst = document->root().find("lst");
  if (!bits || !bits->integer() || !lst || !lst->bytes()) return std::nullopt;
  return ListForm{.bits = static_cast<int>(*bits->integer()), .lst = base64url_encode(*lst->bytes())};
}

bool operator==(const ListForm& a, const ListForm& b) { return a.bits == b.bits && a.lst == b.lst; }

// The statuses given at their places, 0 everywhere else.
std::vector<std::uint8_t> expected_statuses(const Json& entry) {
  std::vector<std::uint8_t> statuses(static_cast<std::size_t>(at(entry, "size").integer().value_or(0)));
  const Json::Object* given = at(entry, "status").object();
  if (given == nullptr) return statuses;
  for (const auto& [index, value] : *given) {
    const auto place = std::strtoul(index.c_str(), nullptr, 10);
    if (place < statuses.size()) statuses[place] = static_cast<std::uint8_t>(value.integer().value_or(0));
  }
  return statuses;
}

bool all_equal(const StatusArray& list, const std::vector<std::uint8_t>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto status = list.at(i);
    if (!status.ok() || *status != expected[i]) {
      ADD_FAILURE() << list.bits() << " bits, index " << i;
      return false;
    }
  }
  return true;
}

void check_list(VectorCase& vector, const Json& entry) {
  const ListForm form = json_form(at(entry, "json"));
  const std::vector<std::uint8_t> expected = expected_statuses(entry);
  const auto list = StatusArray::decode(form.bits, form.lst);
  if (!vector.holds(list.ok(), "is a list")) return;
  vector.holds(list->size() == expected.size() && expected.size() == kStatusesPerShard, "has 2^20 places");
  vector.holds(all_equal(*list, expected), "has the status given at every index");
  const auto beyond = list->at(list->size());
  vector.holds(!beyond.ok() && beyond.error() == ErrorCode::status_list_index, "ends there");
  vector.holds(cbor_form(hex_at(entry, "cbor_hex")) == form, "has the same bytes in CBOR");
  const auto again = StatusArray::decode(form.bits, list->encode());
  vector.holds(again.ok() && all_equal(*again, expected), "survives being packed by us");
  const auto packed = StatusArray::pack(expected, form.bits);
  vector.holds(packed.ok() && packed->encode() == list->encode(), "is packed the same from its statuses");
}

TEST(Vectors, TokenStatusList) {
  Tally& tally = Tally::of("Token Status List, every index");
  ELICENSE_VECTORS_OR_SKIP(tally, "token-status-list/");
  const Json file = read_json_vector("token-status-list/tsl_test_vectors.json");
  ASSERT_NE(file.array(), nullptr);
  for (const Json& entry : *file.array()) {
    VectorCase vector(tally, at(entry, "bits").dump() + " bits, 2^20 places");
    check_list(vector, entry);
  }
}

// An example is the encoding alone, or "byte_array = [0xb9, 0xa3] encoded: …".
std::string encoded_part(const std::string& text) {
  const std::size_t label = text.find("encoded:");
  return without_white_space(label == std::string::npos ? text
                                                        : text.substr(label + std::string_view("encoded:").size()));
}

Bytes byte_array(const std::string& text) {
  Bytes bytes;
  for (std::size_t at = text.find("0x"); at != std::string::npos && at < text.find(']'); at = text.find("0x", at + 2)) {
    append(bytes, bytes_of_hex(std::string_view(text).substr(at + 2, 2)));
  }
  return bytes;
}

// The bytes of a list, put together from its statuses: the first one in the lowest bits.
Bytes packed_bytes(const StatusArray& list) {
  const auto per_byte = static_cast<std::size_t>(8 / list.bits());
  Bytes bytes(list.size() / per_byte);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const unsigned status = list.at(i).value();
    bytes[i / per_byte] =
        static_cast<std::uint8_t>(bytes[i / per_byte] | status << (i % per_byte * static_cast<unsigned>(list.bits())));
  }
  return bytes;
}

// The large examples are the test vectors again, by their element size.
std::map<int, ListForm> vectors_by_bits() {
  std::map<int, ListForm> forms;
  const Json file = read_json_vector("token-status-list/tsl_test_vectors.json");
  for (const Json& entry : *file.array()) {
    const ListForm form = json_form(at(entry, "json"));
    forms.emplace(form.bits, form);
  }
  return forms;
}

void check_example(VectorCase& vector, const std::string& name, const std::string& text,
                   const std::map<int, ListForm>& known) {
  const bool is_json = name.ends_with("_json.txt");
  const std::string encoded = encoded_part(text);
  const std::optional<ListForm> form = is_json ? json_form(parse_vector(encoded)) : cbor_form(bytes_of_hex(encoded));
  if (!vector.holds(form.has_value(), "is a list")) return;
  const auto list = StatusArray::decode(form->bits, form->lst);
  if (!vector.holds(list.ok(), "decodes")) return;
  const Bytes given = byte_array(text);
  if (given.empty()) {
    const auto same = known.find(form->bits);
    vector.holds(same != known.end() && same->second == *form, "is the test vector of its element size");
  } else {
    vector.holds(packed_bytes(*list) == given, "unpacks to the bytes given");
  }
}

void check_token(VectorCase& vector, const std::string& name, const std::string& text) {
  const std::string joined = without_white_space(text);
  if (name == "status_list_jwt_raw.txt") {
    const auto outcome = VerifiedStatusList::verify(joined, "https://example.com/statuslists/1", trust(), kNow);
    return vector.refused(outcome, {ErrorCode::algorithm});
  }
  const auto document = cbor::Document::parse(bytes_of_hex(joined), kVectorCbor);
  if (!vector.holds(document.ok(), "is CBOR")) return;
  vector.refused(UnverifiedSign1::parse(*document), {ErrorCode::algorithm});
}

TEST(Vectors, TokenStatusListExamples) {
  Tally& tally = Tally::of("Token Status List, examples");
  ELICENSE_VECTORS_OR_SKIP(tally, "token-status-list/examples/");
  const std::map<int, ListForm> known = vectors_by_bits();
  for (const std::string& path : vector_files("token-status-list/examples/")) {
    const std::string name = file_name(path);
    if (name.ends_with("_diag.txt")) {
      leave_out(tally, path, "an annotated print of bytes that are checked as they are");
    } else if (name == "status_list_jwt.txt") {
      leave_out(tally, path, "a readable print of the token in status_list_jwt_raw");
    } else if (name.find("_encoding") != std::string::npos) {
      VectorCase vector(tally, name);
      check_example(vector, name, read_vector(path), known);
    } else {
      VectorCase vector(tally, name);
      check_token(vector, name, read_vector(path));
    }
  }
}

}  // namespace
}  // namespace elicense
