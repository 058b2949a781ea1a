// Files and standard input, read within bounds; secret files with their modes; writes that appear whole or not at all.
// Refuses secret files that others may read, a second reader of standard input, and writing over what is not a regular
// file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "files/outcome.h"

namespace elicense {

// An open file, closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  bool open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

// Standard input can be read once; "-" names it wherever a file to read is named.
class InputFiles {
 public:
  // The content. What is longer than `most` comes cut to `most` + 1 bytes: the format's own limit refuses it.
  Outcome<std::string> read(const std::string& path, std::size_t most);
  // The same without one line ending at its end.
  Outcome<std::string> read_line(const std::string& path, std::size_t most);
  // Of a file that its owner alone may read.
  Outcome<std::string> read_secret(const std::string& path, std::size_t most);

 private:
  Outcome<Descriptor> open(const std::string& path);
  bool standard_input_taken_ = false;
};

Problem file_problem(const std::string& path, std::string_view what);  // with the system's reason
Outcome<std::string> read_descriptor(const Descriptor& file, const std::string& path, std::size_t most);
// A line's text and its ending, so that a limit holds for the text alone.
inline constexpr std::size_t kLineEnding = 2;

enum class Readers : std::uint8_t { owner, everybody };  // everybody: as the umask allows
Outcome<Done> write_file(const std::string& path, std::string_view content, Readers readers);
// Replaces the content, keeps the mode given.
Outcome<Done> replace_file(const std::string& path, std::string_view content, unsigned mode);
// Made new with mode 0600; a file that is there already is left alone and refused.
Outcome<Done> create_secret_file(const std::string& path, std::string_view content);

void wipe(std::span<std::uint8_t> secret);
void wipe(std::string& secret);

}  // namespace elicense
