// A server of its own process with routes for tests, and clients that say exactly what they are told. The program of
// the tests is both: started with --serve-test-routes it serves. Every wait is for a condition, with a limit.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace elicense::authority::test {

// The child's side: WORKERS MOST_WAITING [PROXY]…. Its routes:
//   GET /echo       the client's address, as handlers see it; POST /echo the body
//   GET /stream     a stream that says "data: hello"
//   POST /send      the body to all streams; answers how many took it
//   POST /flood     64 KiB again and again to all streams until none takes it; answers how many KiB were taken
//   POST /close     closes all, twice; /forget drops them without closing
//   GET /hold       waits for a byte on the server's standard input (TestServer::release)
int serve_test_routes(const std::vector<std::string>& words);

// A blocking client on the loopback interface.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) const;
  // What has come, once it has that part in it; empty when the connection ends before, or nothing comes for too long.
  std::string read_until(std::string_view part);
  // All that comes until the server closes; nullopt when it does not.
  std::optional<std::string> read_to_end();
  void reset() const;  // closing is a RST then

 private:
  bool read_some();  // false: the end, or too late
  int socket_;
  bool is_ended_ = false;
  std::string read_;
};

class TestServer {
 public:
  struct Settings {
    std::size_t workers = 0;
    std::size_t most_waiting = 1024;
    std::vector<std::string> proxies;
  };
  explicit TestServer(const Settings& settings);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::uint16_t port() const { return port_; }
  Client connect() const { return Client(port_); }
  // The whole response of a connection of its own; lines are further ones of the head.
  std::string ask(std::string_view method, std::string_view path, std::string_view lines = {},
                  std::string_view body = {}) const;
  // The same, its body alone.
  std::string body_of(std::string_view method, std::string_view path, std::string_view lines = {},
                      std::string_view body = {}) const;
  Client open_stream() const;
  bool waits_for_metric(std::string_view line) const;
  void release(std::size_t requests) const;
  void signal_stop() const;
  // SIGTERM; how long it took to end, or nullopt if it did not end well.
  std::optional<double> stop();

 private:
  pid_t process_ = -1;
  int input_ = -1;
  std::uint16_t port_ = 0;
};

std::string body_in(std::string_view response);

}  // namespace elicense::authority::test
