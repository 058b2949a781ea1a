// A copy of the database while it is in use.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "authority/store/sqlite_store_class.h"

namespace elicense::authority {
namespace {

class OpenFile {
 public:
  OpenFile(const char* path, int flags) : number_(::open(path, flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {}
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  bool is_open() const { return number_ >= 0; }
  bool reach_the_disk() const { return ::fsync(number_) == 0; }

 private:
  int number_;
};

// VACUUM INTO writes in a transaction of one moment's view. It takes an empty file for none: so this one is made
// before, with its mode.
StoreStatus copy_into(SqliteConnection& connection, const std::string& file) {
  ELICENSE_CHECK(connection.run_script("pragma query_only = off"));
  SqlQuery query(connection, "vacuum into $1", file);
  return query.run();
}

}  // namespace

Stored<Backup> SqliteStore::back_up(const std::string& file) {
  // Absolute, so that no name is taken for a URI.
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(file, error);
  if (error || file.empty()) return StoreError::unavailable;
  const OpenFile copy(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (!copy.is_open()) {
    if (errno == EEXIST) return Backup::file_is_there;
    return error_of_errno();
  }
  // A connection of its own: a long copy keeps none of the pool's.
  auto connection = SqliteConnection::open(path_, SqliteConnection::Mode::reader, busy_milliseconds_);
  StoreStatus done = connection.ok() ? copy_into(**connection, path.string()) : StoreStatus(connection.error());
  if (done.ok() && !copy.reach_the_disk()) done = error_of_errno();
  if (done.ok()) {
    const OpenFile folder(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY);
    if (!folder.is_open() || !folder.reach_the_disk()) done = error_of_errno();
  }
  if (done.ok()) return Backup::written;
  ::unlink(path.c_str());
  return done.error();
}

}  // namespace elicense::authority
