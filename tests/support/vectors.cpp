#include "support/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>

namespace elicense::test {
namespace {

constexpr JsonLimits kVectorJson = {.bytes = std::size_t{16} << 20, .depth = 2000, .values = 1'000'000};

std::string folder() {
  const char* named = std::getenv("ELICENSE_VECTORS");
  return named != nullptr && *named != '\0' ? named : ELICENSE_VECTORS_DEFAULT;
}

std::optional<std::string> read_file(const std::string& path) {
  std::FILE* file = std::fopen((folder() + "/" + path).c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  std::string content;
  char block[65536];
  for (std::size_t count = 1; count > 0;) {
    count = std::fread(block, 1, sizeof block, file);
    content.append(block, count);
  }
  std::fclose(file);
  return content;
}

// The first column of SOURCES.tsv, without its heading. A folder that the list names and that is not there has no
// files.
std::vector<std::string> read_list() {
  std::vector<std::string> paths;
  const std::string list = read_file("SOURCES.tsv").value_or("");
  for (std::size_t line = list.find('\n'); line != std::string::npos && line + 1 < list.size();) {
    const std::size_t tab = list.find('\t', line);
    if (tab == std::string::npos) break;
    paths.push_back(list.substr(line + 1, tab - line - 1));
    line = list.find('\n', tab);
  }
  return paths;
}

const std::vector<std::string>& list() {
  static const std::vector<std::string> paths = read_list();
  return paths;
}

std::set<std::string>& looked_at() {
  static std::set<std::string> paths;
  return paths;
}

}  // namespace

std::vector<std::string> vector_files(std::string_view prefix) {
  std::vector<std::string> found;
  for (const std::string& path : list()) {
    if (path.starts_with(prefix)) found.push_back(path);
  }
  // One file missing is a fault that its reader reports; none there is a folder that is not there.
  if (std::none_of(found.begin(), found.end(), [](const std::string& path) { return read_file(path).has_value(); })) {
    found.clear();
  }
  return found;
}

std::string file_name(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

std::string read_vector(const std::string& path) {
  looked_at().insert(path);
  auto content = read_file(path);
  if (!content) ADD_FAILURE() << folder() << "/" << path << " cannot be read";
  return std::move(content).value_or("");
}

Json parse_vector(std::string_view json) {
  Result<Json> parsed = Json::parse(json, kVectorJson);
  if (parsed.ok()) return std::move(parsed).value();
  ADD_FAILURE() << error_name(parsed.error()) << ": " << json.substr(0, 80);
  return nullptr;
}

Json read_json_vector(const std::string& path) {
  const ::testing::ScopedTrace trace(__FILE__, __LINE__, path);
  return parse_vector(read_vector(path));
}

void note_background(const std::string& path) { looked_at().insert(path); }

void leave_out(Tally& tally, const std::string& path, std::string_view reason) {
  looked_at().insert(path);
  tally.skip(reason);
}

std::vector<std::string> vectors_not_looked_at() {
  std::vector<std::string> left;
  for (const std::string& path : list()) {
    if (!looked_at().contains(path) && read_file(path)) left.push_back(path);
  }
  return left;
}

const Json& at(const Json& object, std::string_view name) {
  static const Json null;
  const Json* member = object.find(name);
  if (member == nullptr) ADD_FAILURE() << "no member " << name;
  return member == nullptr ? null : *member;
}

const std::string& text_at(const Json& object, std::string_view name) {
  static const std::string empty;
  const std::string* text = at(object, name).string();
  if (text == nullptr) ADD_FAILURE() << "not a string: " << name;
  return text == nullptr ? empty : *text;
}

const Json::Array& array_at(const Json& object, std::string_view name) {
  static const Json::Array empty;
  const Json::Array* array = at(object, name).array();
  if (array == nullptr) ADD_FAILURE() << "not an array: " << name;
  return array == nullptr ? empty : *array;
}

Bytes bytes_of_hex(std::string_view hex) {
  auto bytes = from_hex(hex);
  if (!bytes) ADD_FAILURE() << "not hexadecimal: " << hex.substr(0, 40);
  return std::move(bytes).value_or(Bytes());
}

Bytes hex_at(const Json& object, std::string_view name) { return bytes_of_hex(text_at(object, name)); }

std::string without_white_space(std::string_view text) {
  std::string joined;
  std::copy_if(text.begin(), text.end(), std::back_inserter(joined),
               [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
  return joined;
}

bool same_json(const Json& a, const Json& b) {
  if (a.array() != nullptr && b.array() != nullptr) {
    return std::equal(a.array()->begin(), a.array()->end(), b.array()->begin(), b.array()->end(), same_json);
  }
  if (a.object() == nullptr || b.object() == nullptr) return a == b;
  return a.object()->size() == b.object()->size() &&
         std::all_of(a.object()->begin(), a.object()->end(), [&b](const Json::Member& member) {
           const Json* other = b.find(member.first);
           return other != nullptr && same_json(member.second, *other);
         });
}

}  // namespace elicense::test
