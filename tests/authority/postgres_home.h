// A PostgreSQL server of the tests' own: made in a temporary folder when the first test asks for it, reached by a Unix
// socket there and nowhere else, gone at the end of the program however that comes. Its disk is not waited for
// (fsync=off): these tests kill the server, not the machine.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "authority/store/postgres_store.h"
#include "authority/store_home.h"

namespace elicense::authority::test {

class PostgresServer {
 public:
  static PostgresServer* installed();  // nullptr where there is no PostgreSQL
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start();
  void stop();   // open sessions are ended
  void crash();  // no more is written
  std::string url(const std::string& schema) const;
  bool run(const std::string& schema, const std::string& sql) const;
  std::string log() const;  // what it has printed so far

 private:
  explicit PostgresServer(std::string programs);
  pid_t launch(const char* program, const std::vector<std::string>& arguments) const;
  void end(int signal);

  const std::string programs_;
  const std::string folder_ = make_folder();
  pid_t process_ = -1;
};

// A schema for each: a database would take a hundred times as long to make.
class PostgresHome final : public StoreHome {
 public:
  PostgresHome();
  ~PostgresHome() override;
  Stored<std::unique_ptr<Store>> open(StorePurpose purpose) override;
  bool tamper(const std::string& sql) override;
  PostgresStoreOptions options() const { return {.url = server_.url(schema_)}; }

 private:
  PostgresServer& server_;
  const std::string schema_;
};

}  // namespace elicense::authority::test
