#include "authority/static_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/base64url.h"
#include "base/bytes.h"
#include "crypto/digest.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kLargestFile = std::size_t{32} * 1024 * 1024;
constexpr std::size_t kMostKept = std::size_t{64} * 1024 * 1024;
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kTypes = {
    {{".html", "text/html; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".mjs", "text/javascript; charset=utf-8"},
     {".json", "application/json"},
     {".map", "application/json"},
     {".wasm", "application/wasm"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".jpg", "image/jpeg"},
     {".webp", "image/webp"},
     {".ico", "image/x-icon"},
     {".woff2", "font/woff2"},
     {".webmanifest", "application/manifest+json"},
     {".txt", "text/plain; charset=utf-8"},
     {".md", "text/plain; charset=utf-8"}}};

std::string_view type_of(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending) return type;
  }
  return "application/octet-stream";
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void reset(int number) {
    if (number_ >= 0) close(number_);
    number_ = number;
  }

 private:
  int number_;
};

// Opens component after component, so that no link is followed at any of them.
int open_below(int folder, std::string_view path) {
  Descriptor at(dup(folder));
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    const std::string name(path.substr(0, end));
    const bool is_last = end == std::string_view::npos;
    path = is_last ? std::string_view{} : path.substr(end);
    if (name.empty() || name.front() == '.') return -1;
    // Not blocking: a FIFO would wait for its writer.
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (is_last ? O_NONBLOCK : O_DIRECTORY);
    at.reset(openat(at.number(), name.c_str(), flags));
    if (at.number() < 0) return -1;
  }
  return dup(at.number());
}

bool takes_brotli(std::string_view accepted) {
  while (!accepted.empty()) {
    const std::size_t end = accepted.find(',');
    std::string_view one = accepted.substr(0, end);
    accepted = end == std::string_view::npos ? std::string_view{} : accepted.substr(end + 1);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    if (one.substr(0, one.find_first_of("; ")) != "br") continue;
    const std::size_t weight = one.find("q=");
    return weight == one.npos || one.find_first_of("123456789", weight) != one.npos;
  }
  return false;
}

bool names_tag(std::string_view header, std::string_view tag) {
  return header == "*" || header.find(tag) != std::string_view::npos;
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder)
    : folder_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

StaticFiles::~StaticFiles() {
  if (folder_ >= 0) close(folder_);
}

std::shared_ptr<const StaticFiles::File> StaticFiles::load(const std::string& path) const {
  const Descriptor file(open_below(folder_, path));
  struct stat status {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > kLargestFile) return nullptr;
  const std::int64_t changed = status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
  {
    const std::lock_guard lock(mutex_);
    const auto known = kept_.find(path);
    if (known != kept_.end() && known->second->changed == changed && known->second->inode == status.st_ino &&
        known->second->content.size() == size)
      return known->second;
  }
  auto fresh = std::make_shared<File>();
  fresh->changed = changed;
  fresh->inode = status.st_ino;
  fresh->content.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = read(file.number(), fresh->content.data() + done, size - done);
    if (count <= 0) return nullptr;
    done += static_cast<std::size_t>(count);
  }
  fresh->tag = '"' + base64url_encode(ByteView(sha256(view_of(fresh->content))).first(16)) + '"';
  const std::lock_guard lock(mutex_);
  auto& place = kept_[path];
  if (place) kept_bytes_ -= place->content.size();
  kept_bytes_ += size;
  place = fresh;
  if (kept_bytes_ > kMostKept) {
    kept_.clear();
    kept_bytes_ = 0;
  }
  return fresh;
}

HttpResponse StaticFiles::answer(const HttpRequest& request) const {
  std::string path = request.path;
  if (path.back() == '/') path += "index.html";
  std::shared_ptr<const File> file;
  bool is_compressed = false;
  if (takes_brotli(request.header("accept-encoding"))) {
    file = load(path + ".br");
    is_compressed = file != nullptr;
  }
  if (!file) file = load(path);
  if (!file) return problem(404, "not-found");
  HttpResponse response;
  response.content_type = type_of(path);
  // Names without a hash of their content: ask each time, which costs a 304.
  response.headers = {{"ETag", file->tag}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (is_compressed) response.headers.emplace_back("Content-Encoding", "br");
  if (names_tag(request.header("if-none-match"), file->tag)) {
    response.status = 304;
    response.content_type.clear();
  } else {
    response.body = file->content;
  }
  return response;
}

}  // namespace elicense::authority
