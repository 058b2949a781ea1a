// The HTTP side of the authority, on Drogon, which nobody else sees. One server in a process. Refuses an address that
// is taken; what it refuses of clients is in connection_guard.h and dispatcher.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "authority/dispatcher.h"

namespace elicense::authority {

struct ServerSettings {
  std::string address = "127.0.0.1";  // numeric
  std::uint16_t port = 8080;
  std::size_t body_limit = std::size_t{256} * 1024;
  double request_seconds = 10;           // for a request to arrive
  std::size_t idle_seconds = 60;         // for a connection without any traffic
  std::vector<std::string> proxies;      // addresses whose X-Forwarded-For is believed
  std::size_t workers = 0;               // threads that run handlers; 0: they run on the IO threads and must not wait
  std::size_t most_waiting = 1024;       // for a worker; beyond that the answer is 503 at once
  std::filesystem::path scratch_folder;  // exists; Drogon wants folders to start with, which are removed at once
};

// The port to serve at: the one asked for, or a free one for 0. Empty error: it can be had.
struct ReservedPort {
  std::uint16_t port = 0;
  std::string error;
};
ReservedPort reserve_port(const std::string& address, std::uint16_t port);

// Serves until SIGTERM or SIGINT; then streams are closed and requests that have begun may end. `on_listening` is
// called once. Afterwards no stream reaches anybody, whoever holds it.
void serve(const ServerSettings& settings, Dispatcher& dispatcher, const std::function<void()>& on_listening);

}  // namespace elicense::authority
