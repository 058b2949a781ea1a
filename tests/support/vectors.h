// The public test vectors: files of others, read where they lie and never copied into the project.
// The folder is named by the environment variable ELICENSE_VECTORS, else by the definition ELICENSE_VECTORS_DEFAULT;
// its SOURCES.tsv lists what is in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codec/cbor.h"
#include "codec/json.h"
#include "support/tally.h"

namespace elicense::test {

// The files whose path begins with `prefix`, in the order of the list; none when the folder is not there.
std::vector<std::string> vector_files(std::string_view prefix);
std::string file_name(std::string_view path);  // without folders

// A file that cannot be read is a failure.
std::string read_vector(const std::string& path);
Json parse_vector(std::string_view json);  // without limits worth mentioning
Json read_json_vector(const std::string& path);

// Files that hold no vector of their own, and files left out with a reason.
void note_background(const std::string& path);
void leave_out(Tally& tally, const std::string& path, std::string_view reason);
// The files of the list that are there and that no test has asked for.
std::vector<std::string> vectors_not_looked_at();

// Members that have to be there: their absence is a failure and reads as null, nothing or "".
const Json& at(const Json& object, std::string_view name);
const std::string& text_at(const Json& object, std::string_view name);
const Json::Array& array_at(const Json& object, std::string_view name);
Bytes hex_at(const Json& object, std::string_view name);
Bytes bytes_of_hex(std::string_view hex);

std::string without_white_space(std::string_view text);  // lines that were wrapped for print
bool same_json(const Json& a, const Json& b);            // members in any order

inline constexpr cbor::Limits kVectorCbor = {.bytes = 65536, .depth = 32, .items = 4096};

}  // namespace elicense::test

// At the head of a test: without the folder it is skipped, and the table says so.
#define ELICENSE_VECTORS_OR_SKIP(tally, prefix)           \
  if (::elicense::test::vector_files(prefix).empty()) {   \
    (tally).skip("the vectors' folder has no " prefix);   \
    GTEST_SKIP() << "the vectors' folder has no " prefix; \
  }                                                       \
  static_assert(true)
