// Files of the site folder. Refuses whatever is not a regular file below it: dot files, symbolic links (each component
// is opened without following), devices. Sends the .br beside a file where the client takes brotli.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "authority/http_message.h"

namespace elicense::authority {

class StaticFiles {
 public:
  explicit StaticFiles(const std::filesystem::path& folder);
  ~StaticFiles();
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  bool usable() const { return folder_ >= 0; }
  HttpResponse answer(const HttpRequest& request) const;  // 200, 304 or 404

 private:
  struct File {
    std::int64_t changed = 0;  // nanoseconds
    std::uint64_t inode = 0;
    std::string content;
    std::string tag;
  };
  std::shared_ptr<const File> load(const std::string& path) const;

  int folder_ = -1;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const File>> kept_;
  mutable std::size_t kept_bytes_ = 0;
};

}  // namespace elicense::authority
