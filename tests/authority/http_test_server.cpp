#include "authority/http_test_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "base/result.h"

namespace elicense::authority::test {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr int kPatienceMilliseconds = 20'000;

bool is_readable(int descriptor) {
  pollfd waiting = {descriptor, POLLIN, 0};
  return poll(&waiting, 1, kPatienceMilliseconds) == 1;
}

}  // namespace

Client::Client(std::uint16_t port, int receive_buffer) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ELICENSE_ASSERT(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), is_ended_(other.is_ended_), read_(std::move(other.read_)) {}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

void Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // closed: what was answered can still be read
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool Client::read_some() {
  std::array<char, 65'536> bytes{};
  if (is_ended_ || !is_readable(socket_)) return false;
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
  is_ended_ = count <= 0;
  if (!is_ended_) read_.append(bytes.data(), static_cast<std::size_t>(count));
  return !is_ended_;
}

std::string Client::read_until(std::string_view part) {
  while (read_.find(part) == std::string::npos) {
    if (!read_some()) return {};
  }
  return read_;
}

std::optional<std::string> Client::read_to_end() {
  while (read_some()) continue;
  if (!is_ended_) return std::nullopt;
  return read_;
}

void Client::reset() const {
  const linger at_once = {1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

TestServer::TestServer(const Settings& settings) {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  ELICENSE_ASSERT(pipe2(input.data(), O_CLOEXEC) == 0 && pipe2(output.data(), O_CLOEXEC) == 0);
  std::vector<std::string> words = {"authority_tests", "--serve-test-routes", std::to_string(settings.workers),
                                    std::to_string(settings.most_waiting)};
  words.insert(words.end(), settings.proxies.begin(), settings.proxies.end());
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = fork();
  if (process_ == 0) {
    dup2(input[0], STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    execv("/proc/self/exe", arguments.data());
    _exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  std::string line;
  char byte = 0;
  while (is_readable(output[0]) && read(output[0], &byte, 1) == 1 && byte != '\n') line += byte;
  ::close(output[0]);
  ELICENSE_ASSERT(byte == '\n');
  port_ = static_cast<std::uint16_t>(std::stoul(line));
}

TestServer::~TestServer() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  ::close(input_);
}

void TestServer::signal_stop() const { kill(process_, SIGTERM); }

std::optional<double> TestServer::stop() {
  const auto start = SteadyClock::now();
  signal_stop();
  int status = 0;
  while (waitpid(process_, &status, WNOHANG) == 0) {
    if (SteadyClock::now() - start > std::chrono::milliseconds(kPatienceMilliseconds)) return std::nullopt;
    std::this_thread::yield();
  }
  process_ = -1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

std::string TestServer::ask(std::string_view method, std::string_view path, std::string_view lines,
                            std::string_view body) const {
  Client client = connect();
  std::string request = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  request += lines;
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  client.send(request + "\r\n" + std::string(body));
  return client.read_to_end().value_or("");
}

std::string body_in(std::string_view response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(response.substr(end + 4));
}

std::string TestServer::body_of(std::string_view method, std::string_view path, std::string_view lines,
                                std::string_view body) const {
  return body_in(ask(method, path, lines, body));
}

Client TestServer::open_stream() const {
  Client client = connect();
  client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  ELICENSE_ASSERT(!client.read_until("data: hello\n\n").empty());
  return client;
}

bool TestServer::waits_for_metric(std::string_view line) const {
  const auto start = SteadyClock::now();
  while (SteadyClock::now() - start < std::chrono::milliseconds(kPatienceMilliseconds)) {
    if (body_of("GET", "/metrics").find("\n" + std::string(line) + "\n") != std::string::npos) return true;
  }
  return false;
}

void TestServer::release(std::size_t requests) const {
  const std::string bytes(requests, '.');
  ELICENSE_ASSERT(write(input_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

}  // namespace elicense::authority::test
