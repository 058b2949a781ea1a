// The JSON object that a request brings, read member by member. Refuses another content type, what is not a JSON object
// within its limits, members of a wrong type, texts that are too long, and, at the end, members that nobody asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authority/service/answer.h"
#include "base/time.h"

namespace elicense::authority {

class RequestBody {
 public:
  static Answered<RequestBody> read(const HttpRequest& request);
  explicit RequestBody(Json::Object members) : members_(std::move(members)), taken_(members_.size(), false) {}

  // Text of at most `most` bytes without control characters; a required one has at least one.
  Answered<std::string> text(std::string_view name, std::size_t most);
  Answered<std::optional<std::string>> optional_text(std::string_view name, std::size_t most);
  Answered<std::optional<std::int64_t>> optional_integer(std::string_view name, std::int64_t least, std::int64_t most);
  Answered<std::optional<bool>> optional_boolean(std::string_view name);
  // Whatever it is; nullptr when it is not there.
  const Json* take(std::string_view name);
  Answered<Done> expect_nothing_else() const;  // 400 unknown-field

 private:
  Json::Object members_;
  std::vector<bool> taken_;
};

Refusal misshapen();  // 400 body-shape

}  // namespace elicense::authority
