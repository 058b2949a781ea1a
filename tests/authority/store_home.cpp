#include "authority/store_home.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "authority/postgres_home.h"
#include "authority/sqlite_home.h"
#include "authority/store/sqlite_connection.h"

namespace elicense::authority::test {
namespace {

struct Folders {
  std::vector<std::string> made;
  ~Folders() {
    std::error_code ignored;
    for (const auto& folder : made) std::filesystem::remove_all(folder, ignored);
  }
};

std::unique_ptr<StoreHome> make_sqlite_home() { return std::make_unique<SqliteHome>(); }

std::unique_ptr<StoreHome> make_postgres_home() {
  if (PostgresServer::installed() == nullptr) return nullptr;
  return std::make_unique<PostgresHome>();
}

}  // namespace

std::string make_folder() {
  static Folders folders;
  std::string name = ::testing::TempDir() + "elicense-store-XXXXXX";
  ELICENSE_ASSERT(::mkdtemp(name.data()) != nullptr);
  folders.made.push_back(name);
  return name;
}

Stored<std::unique_ptr<Store>> SqliteHome::open(StorePurpose purpose) {
  SystemRandom random;
  return open_sqlite_store({.folder = folder_, .purpose = purpose}, random);
}

bool SqliteHome::tamper(const std::string& sql) {
  auto connection = SqliteConnection::open(folder_ + "/authority.db", SqliteConnection::Mode::writer, 1000);
  return connection.ok() && (*connection)->run_script(sql.c_str()).ok();
}

void StoreTest::SetUp() {
  home_ = GetParam().make();
  if (!home_) GTEST_SKIP() << GetParam().name << " is not installed here";
  reopen();
}

void StoreTest::reopen() {
  store_.reset();
  auto opened = home_->open(StorePurpose::production);
  ELICENSE_ASSERT(opened.ok());
  store_ = *std::move(opened);
}

std::unique_ptr<Store> StoreTest::second_instance() {
  auto opened = home_->open(StorePurpose::production);
  ELICENSE_ASSERT(opened.ok());
  return *std::move(opened);
}

void StoreTest::add_licence(const std::string& document_number, const std::string& status) {
  const auto put = store().put_licence(licence_named(document_number, status), kNow, act("licence.put"));
  ELICENSE_ASSERT(put.ok() && put->has_value());
}

void StoreTest::add_phone(const std::string& document_number, const std::string& device) {
  ELICENSE_ASSERT(store().activate_phone(document_number, device, std::nullopt, kNow, act("phone.activate")).ok());
}

bool StoreTest::audit_verifies() {
  const auto verdict = store().verify_audit();
  return verdict.ok() && !verdict->broken_at;
}

std::int64_t StoreTest::audit_entries() {
  const auto verdict = store().verify_audit();
  return verdict.ok() ? verdict->entries : -1;
}

NewLicence licence_named(const std::string& document_number, const std::string& status) {
  const auto recorded = StatusSet::parse(status);
  return {.document_number = document_number,
          .data = R"({"name":"买买提·吐尔逊江","address":"济南市"})",
          .portrait = {0xff, 0xd8, 0x00, 0x01},
          .facts = {.recorded = recorded.value(),
                    .points = 3,
                    .postponed_until = std::nullopt,
                    .valid_until = CivilDate{2030, 6, 30}}};
}

Act act(const std::string& action) {
  return {.actor = "operator:test", .action = action, .details = Json::Object{{"why", "a test"}}};
}

SecretDigest digest_number(int number) { return digest_of_secret("secret " + std::to_string(number)); }

INSTANTIATE_TEST_SUITE_P(Kinds, StoreTest,
                         ::testing::Values(StoreKind{"sqlite", make_sqlite_home},
                                           StoreKind{"postgresql", make_postgres_home}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace elicense::authority::test
