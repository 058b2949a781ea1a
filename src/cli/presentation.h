// How findings are shown: members of the JSON that commands share, and lines for a person.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/outcome.h"
#include "cli/trust.h"
#include "licence/checklist.h"
#include "licence/licence.h"
#include "licence/live_code.h"
#include "licence/status.h"

namespace elicense::cli {

std::string_view sentence_for(CheckResult result);

// With a step "trust-list" in front where a list was read.
Json steps_json(const Trust& trust, const std::vector<CheckStep>& steps);
Json error_json(const std::optional<ErrorCode>& error);
Json status_json(const std::optional<StatusSet>& status);
Json class_answer_json(const ClassAnswer& answer);
Json privileges_json(const std::vector<DrivingPrivilege>& privileges);  // [{class, issued, expires}]
std::string status_words(StatusSet status);                             // "B: points limit reached"
std::string privileges_words(const std::vector<DrivingPrivilege>& privileges);

// "REFUSED", "VALID" and the like above indented lines of label and value. Values are made printable.
class Lines {
 public:
  explicit Lines(std::string headline) : text_(std::move(headline) + "\n") {}
  void add(std::string_view label, std::string_view value);
  void add_demonstration_note(const Trust& trust);
  void add_failure(const std::optional<ErrorCode>& error, const std::vector<CheckStep>& steps);
  std::string text() const { return text_; }

 private:
  std::string text_;
};

// Text from a token on a terminal: what could move the cursor, begin a line, switch directions or
// hide is replaced.
std::string printable(std::string_view text);

}  // namespace elicense::cli
