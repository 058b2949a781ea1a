// What became of the public vectors: one row a set, printed as a table when all tests have run.
// A vector whose outcome is wrong is a failure of its test, with the set and the name of the case; it is in no column.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elicense::test {

class Tally {
 public:
  static Tally& of(std::string_view set);
  static std::string table();  // empty when no set was looked at

  const std::string& set() const { return set_; }
  void count_passed() { ++passed_; }
  void count_refused(ErrorCode reason) { ++refused_[reason]; }
  void skip(std::string_view reason, std::size_t count = 1);

  explicit Tally(std::string_view set) : set_(set) {}  // of() keeps one a set; none is made elsewhere

 private:
  static std::list<Tally>& all();
  std::string row() const;

  std::string set_;
  std::size_t passed_ = 0;
  std::map<ErrorCode, std::size_t> refused_;
  std::vector<std::pair<std::string, std::size_t>> skipped_;
};

// One vector. It is counted when it goes: as refused when a refusal was asked for, else as passed.
class VectorCase {
 public:
  VectorCase(Tally& tally, std::string name) : tally_(tally), name_(std::move(name)) {}
  ~VectorCase();
  VectorCase(const VectorCase&) = delete;
  VectorCase& operator=(const VectorCase&) = delete;

  bool holds(bool right, std::string_view what);  // what should be so; hands `right` on

  // The error must be one of those named.
  void refused(std::optional<ErrorCode> outcome, std::initializer_list<ErrorCode> as);
  template <class T>
  void refused(const Result<T>& outcome, std::initializer_list<ErrorCode> as) {
    refused(outcome.ok() ? std::nullopt : std::optional(outcome.error()), as);
  }

 private:
  void fail(const std::string& what);
  Tally& tally_;
  std::string name_;
  bool looked_at_ = false;
  bool wrong_ = false;
  std::optional<ErrorCode> refusal_;
};

}  // namespace elicense::test
