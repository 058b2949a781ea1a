#include "authority/postgres_home.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "authority/store/postgres_connection.h"

namespace elicense::authority::test {
namespace {

// Debian's place for them; the newest.
std::string find_programs() {
  std::string found;
  int newest = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string programs = entry.path().string() + "/bin";
    const int version = std::atoi(entry.path().filename().c_str());  // NOLINT(cert-err34-c): 0 is no version
    if (version <= newest || ::access((programs + "/initdb").c_str(), X_OK) != 0 ||
        ::access((programs + "/postgres").c_str(), X_OK) != 0)
      continue;
    newest = version;
    found = programs;
  }
  return found;
}

// PostgreSQL refuses to run as root.
const passwd* somebody_else() {
  const passwd* person = ::getpwnam("postgres");
  return person != nullptr ? person : ::getpwnam("nobody");
}

// In the child: what is here must not allocate.
[[noreturn]] void become(const char* path, char* const* arguments, const char* folder, const char* log,
                         const passwd* person) {
  if (person != nullptr &&
      (::setgroups(0, nullptr) != 0 || ::setgid(person->pw_gid) != 0 || ::setuid(person->pw_uid) != 0))
    ::_exit(125);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // forgotten by setuid, so after it
  const int output = ::open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0) ::_exit(126);
  if (::chdir(folder) != 0) ::_exit(126);
  ::execv(path, arguments);
  ::_exit(127);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// The tests speak SQLite's SQL; these are the words of it that they use and PostgreSQL has not.
std::string in_postgresql(std::string sql) {
  replace_all(sql, "audit_is_never_changed;", "audit_is_never_changed on audit;");
  replace_all(sql, "audit_is_never_deleted;", "audit_is_never_deleted on audit;");
  replace_all(sql, "x'00'", "'\\x00'::bytea");
  replace_all(sql, "zeroblob(32)", "decode(repeat('00', 32), 'hex')");
  replace_all(sql, "insert or replace into audit select * from audit",
              "insert into audit select * from audit on conflict (sequence) do update set actor = excluded.actor");
  return sql;
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

}  // namespace

PostgresServer* PostgresServer::installed() {
  static const std::unique_ptr<PostgresServer> server = []() -> std::unique_ptr<PostgresServer> {
    std::string programs = find_programs();
    if (programs.empty()) return nullptr;
    return std::unique_ptr<PostgresServer>(new PostgresServer(std::move(programs)));
  }();
  return server.get();
}

PostgresServer::PostgresServer(std::string programs) : programs_(std::move(programs)) {
  if (::geteuid() == 0) {
    const passwd* person = somebody_else();
    ELICENSE_ASSERT(person != nullptr && ::chown(folder_.c_str(), person->pw_uid, person->pw_gid) == 0);
  }
  const pid_t process = launch(
      "initdb", {"-D", folder_ + "/data", "-A", "trust", "-U", "elicense", "-E", "UTF8", "--no-locale", "--no-sync"});
  ELICENSE_ASSERT(wait_for(process) == 0);
  start();
}

PostgresServer::~PostgresServer() { stop(); }

pid_t PostgresServer::launch(const char* program, const std::vector<std::string>& arguments) const {
  const std::string path = programs_ + "/" + program;
  const std::string log = folder_ + "/log";
  std::vector<std::string> texts = {path};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  const passwd* person = ::geteuid() == 0 ? somebody_else() : nullptr;
  const pid_t process = ::fork();
  if (process == 0) become(path.c_str(), pointers.data(), folder_.c_str(), log.c_str(), person);
  ELICENSE_ASSERT(process > 0);
  return process;
}

void PostgresServer::start() {
  process_ = launch("postgres", {"-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c", "fsync=off",
                                 "-c", "full_page_writes=off", "-c", "max_connections=60"});
  for (int attempt = 0; !run("public", "select 1"); ++attempt) {
    ELICENSE_ASSERT(attempt < 600);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void PostgresServer::end(int signal) {
  if (process_ <= 0) return;
  ::kill(process_, signal);
  wait_for(process_);
  process_ = -1;
}

void PostgresServer::stop() { end(SIGINT); }
void PostgresServer::crash() { end(SIGQUIT); }

std::string PostgresServer::url(const std::string& schema) const {
  return "host=" + folder_ + " user=elicense dbname=postgres options=-csearch_path=" + schema;
}

bool PostgresServer::run(const std::string& schema, const std::string& sql) const {
  auto connection = PostgresConnection::open({.url = url(schema)});
  return connection.ok() && (*connection)->run_script(sql.c_str()).ok();
}

std::string PostgresServer::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ + "/log").rdbuf();
  return text.str();
}

PostgresHome::PostgresHome()
    : server_(*PostgresServer::installed()), schema_([] {
        static int made = 0;
        return "test_" + std::to_string(++made);
      }()) {
  ELICENSE_ASSERT(server_.run("public", "create schema " + schema_));
}

PostgresHome::~PostgresHome() { static_cast<void>(server_.run("public", "drop schema " + schema_ + " cascade")); }

Stored<std::unique_ptr<Store>> PostgresHome::open(StorePurpose purpose) {
  SystemRandom random;
  PostgresStoreOptions with_purpose = options();
  with_purpose.purpose = purpose;
  return open_postgres_store(with_purpose, random);
}

bool PostgresHome::tamper(const std::string& sql) { return server_.run(schema_, in_postgresql(sql)); }

}  // namespace elicense::authority::test
