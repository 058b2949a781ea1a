#include "authority/options_table.h"

#include <array>
#include <charconv>

#include "authority/origin.h"

namespace elicense::authority {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::size_t kGibibyte = std::size_t{1} << 30U;
constexpr std::int64_t kMostRequests = 1'000'000;

template <class Number>
bool read_number(std::string_view text, Number least, Number most, Number& number) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return false;
  if (value < least || value > most) return false;
  number = value;
  return true;
}

bool read_size(std::string_view text, std::size_t least, std::size_t most, std::size_t& size) {
  return read_number(text, least, most, size);
}
bool read_size(std::string_view text, std::size_t least, std::size_t most, std::optional<std::size_t>& size) {
  return read_number(text, least, most, size.emplace());
}
bool read_seconds(std::string_view text, std::int64_t least, std::int64_t most, std::int64_t& seconds) {
  return read_number(text, least, most, seconds);
}

// 1200/60
bool read_rate(std::string_view text, RateLimit& rate) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos &&
         read_number(text.substr(0, slash), std::int64_t{0}, kMostRequests, rate.requests) &&
         read_seconds(text.substr(slash + 1), 1, kDay, rate.seconds);
}

// 127.0.0.1:8080, [::1]:8080; a port of 0 is a free one.
bool read_listen(std::string_view text, Options& options) {
  const std::size_t colon = text.rfind(':');
  std::size_t port = 0;
  if (colon == std::string_view::npos || colon == 0 || !read_size(text.substr(colon + 1), 0, 65535, port)) return false;
  std::string_view address = text.substr(0, colon);
  const bool is_bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (is_bracketed) address = address.substr(1, address.size() - 2);
  if (!is_bracketed && address.find(':') != std::string_view::npos) return false;
  options.address = address;
  options.port = static_cast<std::uint16_t>(port);
  return true;
}

bool read_store(std::string_view text, Options& options) {
  options.store = text;
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

constexpr std::array kCommands = {
    CommandEntry{Command::root_key, "root-key", "", "print the root public key, which verifiers pin"},
    CommandEntry{Command::operator_add, "operator add", "NAME", "print a new operator's key, this once"},
    CommandEntry{Command::operator_remove, "operator remove", "NAME", "from now on the key is worth nothing"},
    CommandEntry{Command::operator_list, "operator list", "", "their names"},
    CommandEntry{Command::audit_verify, "audit verify", "", "walk the audit record's chain; exit 1: it is broken"},
    CommandEntry{Command::backup, "backup", "FILE", "a copy of the SQLite database, while it serves; not of the keys"},
};

constexpr std::
    array
        kOptions =
            {
                Option{"listen", "ADDRESS:PORT", "where to serve (127.0.0.1:8080); port 0: a free one",
                       [](Options& o, std::string_view v) { return read_listen(v, o); }},
                Option{"data", "DIR", "the folder with database and keys (needed); made if it is not there",
                       [](Options& o, std::string_view v) { return o.data = v, !v.empty(); }},
                Option{"store", "URL", "postgresql://… instead of SQLite in the data folder; see below",
                       [](Options& o, std::string_view v) { return read_store(v, o); }, Option::Kind::secret},
                Option{"store-limit", "BYTES", "how large the SQLite file may grow (no bound)",
                       [](Options& o, std::string_view v) {
                         return read_size(v, 1024 * 1024, 4096 * kGibibyte, o.store_limit);
                       }},
                Option{"keys", "DIR", "the folder with the keys (DATA/keys)",
                       [](Options& o, std::string_view v) { return o.keys = v, !v.empty(); }},
                Option{"site", "DIR", "static files to serve; without it there are none",
                       [](Options& o, std::string_view v) { return o.site = v, !v.empty(); }},
                Option{
                    "demo", "", "made-up people and fixed codes; for a demo's data folder only",
                    [](Options& o, std::string_view v) { return o.demo = v == "true", v == "true" || v == "false"; }},
                Option{"origin", "URL", "this authority's identifier (http://ADDRESS:PORT); https behind TLS",
                       [](Options& o, std::string_view v) { return o.origin = v, is_origin(v); }},
                Option{"allow-origin", "URL", "an origin whose pages may call this service",
                       [](Options& o, std::string_view v) { return o.allowed_origins.emplace_back(v), is_origin(v); },
                       Option::Kind::list},
                Option{"trusted-proxy", "ADDRESS", "a proxy whose X-Forwarded-For names the client",
                       [](Options& o, std::string_view v) { return o.proxies.emplace_back(v), !v.empty(); },
                       Option::Kind::list},
                Option{"demo-partner-origin", "URL", "where the demo's partner page is (this authority)",
                       [](Options& o, std::string_view v) { return o.demo_partner_origin = v, is_safe_origin(v); }},
                Option{"lease-seconds", "SECONDS", "how long a phone may be offline (86400)",
                       [](Options& o, std::string_view v) { return read_seconds(v, 300, 7 * kDay, o.lease_seconds); }},
                Option{"licence-seconds", "SECONDS", "how long a licence is good on a phone (2592000)",
                       [](Options& o, std::string_view v) {
                         return read_seconds(v, 3600, 366 * kDay, o.licence_seconds);
                       }},
                Option{"access-seconds", "SECONDS", "how long an access token is good (3600)",
                       [](Options& o, std::string_view v) { return read_seconds(v, 60, 7 * kDay, o.access_seconds); }},
                Option{"trust-seconds", "SECONDS", "how long a trust list is good (86400)",
                       [](Options& o, std::string_view v) { return read_seconds(v, 300, 30 * kDay, o.trust_seconds); }},
                Option{"status-seconds", "SECONDS", "from one publication of status lists to the next (60)",
                       [](Options& o, std::string_view v) { return read_seconds(v, 1, kDay, o.status_seconds); }},
                Option{"status-life-seconds", "SECONDS", "how long a status list is good (86400)",
                       [](Options& o, std::string_view v) {
                         return read_seconds(v, 60, 30 * kDay, o.status_life_seconds);
                       }},
                Option{"rate-address", "REQUESTS/SECONDS", "for one address (1200/60); 0 requests: no limit",
                       [](Options& o, std::string_view v) { return read_rate(v, o.rate_address); }},
                Option{"rate-phone", "REQUESTS/SECONDS", "for one phone (120/60)",
                       [](Options& o, std::string_view v) { return read_rate(v, o.rate_phone); }},
                Option{"rate-partner", "REQUESTS/SECONDS", "for one partner (1200/60)",
                       [](Options& o, std::string_view v) { return read_rate(v, o.rate_partner); }},
                Option{"workers", "NUMBER", "threads that wait for the store (0 with SQLite, else 16)",
                       [](Options& o, std::string_view v) { return read_size(v, 0, 1024, o.workers); }},
                Option{"streams", "NUMBER", "phones that listen for events at once (10000)",
                       [](Options& o, std::string_view v) { return read_size(v, 0, 1'000'000, o.streams); }},
                Option{
                    "body-limit", "BYTES", "the largest request body (262144)",
                    [](Options& o, std::string_view v) { return read_size(v, 1024, 64 * 1024 * 1024, o.body_limit); }},
                Option{"request-timeout", "SECONDS", "for a request to arrive whole (10)",
                       [](Options& o, std::string_view v) { return read_size(v, 1, 600, o.request_seconds); }},
                Option{"idle-timeout", "SECONDS", "for a connection without traffic (60)",
                       [](Options& o, std::string_view v) { return read_size(v, 1, 3600, o.idle_seconds); }},
                Option{"log-level", "LEVEL", "error, warning, info or debug (info)",
                       [](Options& o, std::string_view v) {
                         const std::optional<LogLevel> level = log_level_of(v);
                         if (level) o.log_level = *level;
                         return level.has_value();
                       }},
};

}  // namespace

std::span<const CommandEntry> command_table() { return kCommands; }
std::span<const Option> option_table() { return kOptions; }

}  // namespace elicense::authority
