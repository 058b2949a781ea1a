#include "support/tally.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

namespace elicense::test {
namespace {

constexpr int kNameWidth = 44;

std::string columns(std::string_view set, std::string_view passed, std::string_view refused, std::string_view skipped) {
  char line[160];
  std::snprintf(line, sizeof line, "%-*.*s %8s %26s %8s", kNameWidth, static_cast<int>(set.size()), set.data(),
                std::string(passed).c_str(), std::string(refused).c_str(), std::string(skipped).c_str());
  return line;
}

std::string number_of(std::size_t count) { return count == 0 ? "-" : std::to_string(count); }

}  // namespace

std::list<Tally>& Tally::all() {
  static std::list<Tally> tallies;  // in the order of their first use; references to them stay good
  return tallies;
}

Tally& Tally::of(std::string_view set) {
  const auto found = std::find_if(all().begin(), all().end(), [set](const Tally& t) { return t.set_ == set; });
  if (found != all().end()) return *found;
  return all().emplace_back(set);
}

void Tally::skip(std::string_view reason, std::size_t count) {
  const auto same = [reason](const auto& entry) { return entry.first == reason; };
  const auto found = std::find_if(skipped_.begin(), skipped_.end(), same);
  if (found != skipped_.end()) {
    found->second += count;
  } else {
    skipped_.emplace_back(reason, count);
  }
}

// Each set's row, and under it what the refusals were called and why something was left out.
std::string Tally::row() const {
  std::size_t refused = 0;
  std::size_t skipped = 0;
  std::string reasons;
  for (const auto& [reason, count] : refused_) {
    refused += count;
    reasons +=
        (reasons.empty() ? "    refused: " : ", ") + std::string(error_name(reason)) + " " + std::to_string(count);
  }
  if (!reasons.empty()) reasons += '\n';
  for (const auto& [why, count] : skipped_) {
    skipped += count;
    reasons += "    skipped: " + std::to_string(count) + ", " + why + '\n';
  }
  return columns(set_, number_of(passed_), number_of(refused), number_of(skipped)) + '\n' + reasons;
}

std::string Tally::table() {
  if (all().empty()) return {};
  std::string text = columns("vector set", "passed", "refused as they should be", "skipped") + '\n';
  for (const Tally& tally : all()) text += tally.row();
  return text;
}

VectorCase::~VectorCase() {
  if (!looked_at_) fail("nothing was checked");
  if (wrong_) return;
  if (refusal_) {
    tally_.count_refused(*refusal_);
  } else {
    tally_.count_passed();
  }
}

bool VectorCase::holds(bool right, std::string_view what) {
  looked_at_ = true;
  if (!right) fail("not so: " + std::string(what));
  return right;
}

void VectorCase::refused(std::optional<ErrorCode> outcome, std::initializer_list<ErrorCode> as) {
  looked_at_ = true;
  std::string wanted;
  for (const ErrorCode code : as) wanted += (wanted.empty() ? "" : " or ") + std::string(error_name(code));
  if (!outcome) return fail("taken, should be refused: " + wanted);
  if (std::find(as.begin(), as.end(), *outcome) == as.end()) {
    return fail("refused as " + std::string(error_name(*outcome)) + ", should be: " + wanted);
  }
  refusal_ = outcome;
}

void VectorCase::fail(const std::string& what) {
  wrong_ = true;
  ADD_FAILURE() << tally_.set() << ", " << name_ << ": " << what;
}

}  // namespace elicense::test
