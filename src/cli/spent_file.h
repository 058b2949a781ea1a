// What has been spent, in a file that several processes share: each thing is spent once, and a crash forgets nothing.
//
//     elicense spent 1
//     <name> <last second for which it has to be remembered>
//     …
//
// The file is locked from open() until this object goes, and replaced whole. Refuses (and so lets nothing pass) a file
// that cannot be read, locked or written, and one with any other line.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "files/files.h"
#include "licence/live_code.h"

namespace elicense::cli {

enum class Spend : std::uint8_t { first, again };

class SpentFile {
 public:
  static Outcome<SpentFile> open(const std::string& path);
  // Remembered on disk when it returns `first`. What need not be remembered at `now` any more is dropped.
  Outcome<Spend> spend(const std::string& name, UnixTime until, UnixTime now);

 private:
  SpentFile(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  Outcome<Done> read_entries();
  std::string path_;
  Descriptor lock_;  // of the file that stands at path_
  unsigned mode_ = 0;
  std::map<std::string, std::int64_t> until_by_name_;
};

// Live codes in such a file. A code is stale long before it is forgotten.
class SpentCodeFile final : public SpentCodes {
 public:
  static constexpr std::int64_t kRememberedSeconds = 60;
  explicit SpentCodeFile(SpentFile& file) : file_(file) {}

  Status spend(const SpentCode& code, UnixTime now) override;
  const std::optional<Problem>& problem() const { return problem_; }  // when set, the code was not judged

 private:
  SpentFile& file_;
  std::optional<Problem> problem_;
};

}  // namespace elicense::cli
