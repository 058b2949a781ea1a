#include "authority/application.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "authority/commands.h"
#include "authority/dispatcher.h"
#include "authority/event_hub.h"
#include "authority/http_server.h"
#include "authority/log.h"
#include "authority/service/demo.h"
#include "authority/service/service.h"
#include "authority/static_files.h"
#include "files/files.h"

namespace elicense::authority {
namespace {

namespace fs = std::filesystem;

// One server at a time over one SQLite file: events reach the phones of the process that wrote them. With PostgreSQL
// there may be several. Held as long as it lives, whatever ends the process.
Outcome<Descriptor> claim(const Options& options) {
  const std::string path = (options.data / "serving.lock").string();
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open()) return file_problem(path, "cannot be opened");
  if (!is_postgres(options) && ::flock(file.number(), LOCK_EX | LOCK_NB) != 0)
    return usage_problem("another authority serves from this data folder; several need PostgreSQL (--store)");
  return file;
}

// Keys and database must never lie among the files that are served.
bool lies_in(const fs::path& inner, const fs::path& outer) {
  const fs::path relative = fs::canonical(inner).lexically_relative(fs::canonical(outer));
  return !relative.empty() && *relative.begin() != "..";
}

Outcome<Done> prepare_folders(const Options& options) {
  if (is_postgres(options) && options.workers == std::optional<std::size_t>(0))
    return usage_problem("--workers cannot be 0 with PostgreSQL: the IO threads would wait for it");
  if (is_postgres(options) && options.store_limit)
    return usage_problem("--store-limit is for SQLite; what PostgreSQL may take is its own affair");
  ELICENSE_CHECK(make_data_folder(options));
  if (options.site.empty()) return Done{};
  std::error_code error;
  if (!fs::is_directory(options.site, error)) return usage_problem("there is no site folder: " + options.site.string());
  if (lies_in(options.data, options.site)) return usage_problem("the data folder must not lie in the site folder");
  return Done{};
}

std::string url_of(const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

ServiceSettings service_settings(const Options& options, const std::string& origin) {
  ServiceSettings settings;
  settings.origin = origin;
  settings.demo = options.demo;
  settings.access_seconds = options.access_seconds;
  settings.lease_seconds = options.lease_seconds;
  settings.licence_seconds = options.licence_seconds;
  settings.per_address = options.rate_address;
  settings.per_phone = options.rate_phone;
  settings.per_partner = options.rate_partner;
  return settings;
}

PublisherSettings publisher_settings(const Options& options, const std::string& origin) {
  return {.origin = origin,
          .production = options.demo ? Production::no : Production::yes,
          .trust_seconds = options.trust_seconds,
          .status_seconds = options.status_seconds,
          .status_life_seconds = options.status_life_seconds};
}

ServerSettings server_settings(const Options& options, std::uint16_t port) {
  ServerSettings settings;
  settings.address = options.address;
  settings.port = port;
  settings.body_limit = options.body_limit;
  settings.request_seconds = static_cast<double>(options.request_seconds);
  settings.idle_seconds = options.idle_seconds;
  settings.proxies = options.proxies;
  settings.scratch_folder = options.data;
  settings.workers = options.workers.value_or(is_postgres(options) ? kPostgresWorkers : 0);
  return settings;
}

Routes routes_for(Service& service) {
  Routes routes;
  add_public_routes(routes, service);
  add_phone_routes(routes, service);
  add_partner_routes(routes, service);
  add_admin_routes(routes, service);
  if (service.settings.demo) add_demo_routes(routes, service);
  return routes;
}

}  // namespace

Outcome<Done> serve_authority(const Options& options) {
  ELICENSE_CHECK(prepare_folders(options));
  ELICENSE_TRY(const Descriptor lock, claim(options));
  const ReservedPort reserved = reserve_port(options.address, options.port);
  if (!reserved.error.empty()) return usage_problem(reserved.error);
  const std::string url = url_of(options.address, reserved.port);
  const std::string origin = options.origin.empty() ? url : options.origin;

  SystemRandom random;
  const auto clock = system_clock_now;
  ELICENSE_TRY(const std::unique_ptr<Store> store, open_store(options, random));
  ELICENSE_TRY(const std::unique_ptr<KeyRing> keys, open_keys(options, random, clock()));
  if (options.demo) {
    const DemoSettings demo = {
        .partner_origin = options.demo_partner_origin.empty() ? origin : options.demo_partner_origin,
        .operator_key_file = options.data / "operator-key"};
    ELICENSE_CHECK(seed_demo(*store, demo, random, clock()));
  }
  Publisher publisher(publisher_settings(options, origin), *store, *keys, clock);
  ELICENSE_CHECK(publisher.start());
  EventHub hub(*store, clock, {.most_streams = options.streams});
  Cards cards;
  const ServiceSettings settings = service_settings(options, origin);
  Service service = {.settings = settings,
                     .store = *store,
                     .keys = *keys,
                     .random = random,
                     .publisher = publisher,
                     .hub = hub,
                     .cards = cards,
                     .clock = clock};

  std::unique_ptr<StaticFiles> site;
  if (!options.site.empty()) site = std::make_unique<StaticFiles>(options.site);
  Dispatcher dispatcher({origin, options.allowed_origins}, routes_for(service), site.get());
  dispatcher.set_health([&] { return publisher.is_store_well() && keys->signing(KeyUse::lease, clock()).ok(); });
  dispatcher.set_partner_origins([&] { return publisher.partner_origins(); });
  dispatcher.set_hold([&](std::function<void(bool)> done) {
    store->when_durable([done = std::move(done)](const StoreStatus& status) { done(status.ok()); });
  });
  serve(server_settings(options, reserved.port), dispatcher, [&url] {
    std::fputs(("listening on " + url + "\n").c_str(), stdout);
    std::fflush(stdout);
  });
  hub.stop();
  publisher.stop();
  log_line(LogLevel::info, "stopped");
  return Done{};
}

}  // namespace elicense::authority
