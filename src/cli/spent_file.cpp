#include "cli/spent_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <thread>

namespace elicense::cli {
namespace {

constexpr std::string_view kFirstLine = "elicense spent 1\n";
constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kLongestName = 80;
constexpr mode_t kNewMode = 0600;
constexpr std::chrono::milliseconds kLockPause{5};
constexpr int kLockAttempts = 2000;

Problem damaged(const std::string& path) { return usage_problem(path + " is damaged or not a file of spent codes"); }

bool is_name(std::string_view name) {
  const auto is_name_character = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'; };
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), is_name_character);
}

Outcome<Done> lock(const Descriptor& file, const std::string& path) {
  for (int attempt = 0; attempt < kLockAttempts; ++attempt) {
    if (flock(file.number(), LOCK_EX | LOCK_NB) == 0) return Done{};
    if (errno != EWOULDBLOCK && errno != EINTR) return file_problem(path, "cannot be locked");
    std::this_thread::sleep_for(kLockPause);
  }
  return usage_problem(path + " is locked by another process");
}

// Whoever held the lock before may have put a new file in its place.
bool stands_at(const struct stat& opened, const std::string& path) {
  struct stat now_there {};
  return lstat(path.c_str(), &now_there) == 0 && now_there.st_dev == opened.st_dev && now_there.st_ino == opened.st_ino;
}

}  // namespace

Outcome<SpentFile> SpentFile::open(const std::string& path) {
  for (int attempt = 0; attempt < kLockAttempts; ++attempt) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kNewMode));
    if (!file.open()) return file_problem(path, "cannot be opened");
    struct stat info {};
    if (fstat(file.number(), &info) != 0) return file_problem(path, "cannot be examined");
    if (!S_ISREG(info.st_mode)) return usage_problem(path + " is not a regular file");
    ELICENSE_CHECK(lock(file, path));
    if (!stands_at(info, path)) continue;
    SpentFile spent(path, std::move(file));
    spent.mode_ = info.st_mode & 0777U;
    ELICENSE_CHECK(spent.read_entries());
    return spent;
  }
  return usage_problem(path + " is replaced faster than it can be locked");
}

Outcome<Done> SpentFile::read_entries() {
  ELICENSE_TRY(const std::string content, read_descriptor(lock_, path_, kMostBytes));
  if (content.empty()) return Done{};  // just made
  if (content.size() > kMostBytes || !content.starts_with(kFirstLine)) return damaged(path_);
  std::string_view rest = std::string_view(content).substr(kFirstLine.size());
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return damaged(path_);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !is_name(line.substr(0, space))) return damaged(path_);
    const std::string_view number = line.substr(space + 1);
    std::int64_t until = 0;
    const auto [stopped, error] = std::from_chars(number.data(), number.data() + number.size(), until);
    if (error != std::errc() || stopped != number.data() + number.size()) return damaged(path_);
    if (!until_by_name_.emplace(line.substr(0, space), until).second) return damaged(path_);
  }
  return Done{};
}

Outcome<Spend> SpentFile::spend(const std::string& name, UnixTime until, UnixTime now) {
  ELICENSE_ASSERT(is_name(name));
  if (until_by_name_.contains(name)) return Spend::again;
  std::erase_if(until_by_name_, [now](const auto& entry) { return entry.second < now.seconds; });
  until_by_name_.emplace(name, until.seconds);
  std::string content(kFirstLine);
  for (const auto& [spent, last] : until_by_name_) content += spent + " " + std::to_string(last) + "\n";
  if (content.size() > kMostBytes) return usage_problem(path_ + " is full");
  ELICENSE_CHECK(replace_file(path_, content, mode_));
  return Spend::first;
}

Status SpentCodeFile::spend(const SpentCode& code, UnixTime now) {
  const std::string name = "code-" + to_hex(code.lease) + "-" + std::to_string(code.presented.seconds);
  const Outcome<Spend> spent = file_.spend(name, code.presented + kRememberedSeconds, now);
  if (spent.ok() && spent.value() == Spend::first) return Done{};
  if (!spent.ok()) problem_ = spent.error();
  return ErrorCode::already_used;
}

}  // namespace elicense::cli
