#include "files/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace elicense {
namespace {

constexpr mode_t kOwnerOnly = 0600;

std::string octal(mode_t mode) {
  std::string digits;
  for (const unsigned shift : {9U, 6U, 3U, 0U}) digits += static_cast<char>('0' + ((mode >> shift) & 7U));
  return digits;
}

Outcome<Done> write_all(const Descriptor& file, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return file_problem(path, "cannot be written");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.number()) != 0) return file_problem(path, "cannot be written");
  return Done{};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// So that the new name survives a crash as well.
Outcome<Done> sync_folder(const std::string& path) {
  const std::string folder = folder_of(path);
  const Descriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || fsync(directory.number()) != 0) return file_problem(folder, "cannot be synchronised");
  return Done{};
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Problem file_problem(const std::string& path, std::string_view what) {
  return usage_problem(path + " " + std::string(what) + ": " + std::strerror(errno));
}

Outcome<std::string> read_descriptor(const Descriptor& file, const std::string& path, std::size_t most) {
  constexpr std::size_t kChunk = 65536;
  std::string content;
  while (content.size() <= most) {
    const std::size_t before = content.size();
    content.resize(before + std::min(kChunk, most + 1 - before));
    const ssize_t count = read(file.number(), content.data() + before, content.size() - before);
    if (count < 0 && errno != EINTR) return file_problem(path, "cannot be read");
    content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) break;
  }
  return content;
}

Outcome<Descriptor> InputFiles::open(const std::string& path) {
  if (path == "-") {
    if (standard_input_taken_) return usage_problem("standard input can be read once only");
    standard_input_taken_ = true;
    return Descriptor(dup(STDIN_FILENO));
  }
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return file_problem(path, "cannot be opened");
  return file;
}

Outcome<std::string> InputFiles::read(const std::string& path, std::size_t most) {
  ELICENSE_TRY(const Descriptor file, open(path));
  return read_descriptor(file, path == "-" ? "standard input" : path, most);
}

Outcome<std::string> InputFiles::read_line(const std::string& path, std::size_t most) {
  ELICENSE_TRY(std::string text, read(path, most + kLineEnding));
  if (text.ends_with('\n')) {
    text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
  }
  return text;
}

Outcome<std::string> InputFiles::read_secret(const std::string& path, std::size_t most) {
  ELICENSE_TRY(const Descriptor file, open(path));
  if (path == "-") return read_descriptor(file, "standard input", most);
  struct stat info {};
  if (fstat(file.number(), &info) != 0) return file_problem(path, "cannot be examined");
  if (!S_ISREG(info.st_mode)) return usage_problem(path + " is not a regular file, as a secret key has to be");
  const mode_t mode = info.st_mode & 0777U;
  if ((mode & 0177U) != 0) {
    return usage_problem(path + " holds a secret key and has mode " + octal(mode) + ": it has to be 0600 (chmod 600 " +
                         path + ")");
  }
  return read_descriptor(file, path, most);
}

Outcome<Done> replace_file(const std::string& path, std::string_view content, unsigned mode) {
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(mkstemp(temporary.data()));
  if (!file.open()) return file_problem(path, "cannot be written");
  const auto fill = [&]() -> Outcome<Done> {
    ELICENSE_CHECK(write_all(file, path, content));
    if (fchmod(file.number(), mode) != 0) return file_problem(path, "cannot be given its mode");
    if (rename(temporary.c_str(), path.c_str()) != 0) return file_problem(path, "cannot be written");
    return Done{};
  };
  Outcome<Done> filled = fill();
  if (!filled.ok()) {
    unlink(temporary.c_str());
    return filled;
  }
  return sync_folder(path);
}

Outcome<Done> write_file(const std::string& path, std::string_view content, Readers readers) {
  struct stat info {};
  if (lstat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    return usage_problem(path + " is not a regular file and is not written over");
  }
  const mode_t mask = umask(0);
  umask(mask);
  return replace_file(path, content, readers == Readers::owner ? kOwnerOnly : 0666U & ~mask);
}

Outcome<Done> create_secret_file(const std::string& path, std::string_view content) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly));
  if (!file.open()) return file_problem(path, "cannot be created");
  Outcome<Done> written = write_all(file, path, content);
  if (!written.ok()) {
    unlink(path.c_str());
    return written;
  }
  return sync_folder(path);
}

void wipe(std::span<std::uint8_t> secret) { explicit_bzero(secret.data(), secret.size()); }

void wipe(std::string& secret) { explicit_bzero(secret.data(), secret.size()); }

}  // namespace elicense
