// The inside of the SQLite store: what it does in its own way. One connection writes, under a mutex; reading takes a
// connection from a pool that grows to as many as read at once.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "authority/store/sql_store.h"
#include "authority/store/sqlite_connection.h"
#include "authority/store/sqlite_store.h"
#include "authority/store/wal_sync.h"

namespace elicense::authority {

class SqliteStore final : public SqlStore {
 public:
  SqliteStore(std::string path, int busy_milliseconds, std::unique_ptr<SqliteConnection> writer, Bytes salt,
              std::unique_ptr<WalSync> wal_sync)
      : SqlStore(std::move(salt)),
        path_(std::move(path)),
        busy_milliseconds_(busy_milliseconds),
        writer_(std::move(writer)),
        wal_sync_(std::move(wal_sync)) {}

  void when_durable(const Durable& then) override;
  Stored<Backup> back_up(const std::string& file) override;

 private:
  StoreStatus transact(Durability durability, const Writing& work) override;
  StoreStatus look(View view, const Reading& work) override;

  // sqlite_store_sql.cpp
  Stored<std::optional<LockedLicence>> find_and_lock(SqlConnection& writer, std::string_view document_number) override;
  StoreStatus require_licence(SqlConnection& writer, std::string_view document_number) override;
  StoreStatus insert_licence(SqlConnection& writer, const LicenceRow& row) override;
  Stored<std::int64_t> insert_event(SqlConnection& writer, const LockedLicence& licence, const NewEvent& event,
                                    UnixTime at) override;
  StoreStatus insert_audit_entry(SqlConnection& writer, const AuditEntry& entry) override;

  StoreStatus begin(Durability durability);
  StoreStatus commit();
  Stored<std::unique_ptr<SqliteConnection>> take_reader();
  void give_back(std::unique_ptr<SqliteConnection> connection);

  const std::string path_;
  const int busy_milliseconds_;

  std::mutex writer_mutex_;
  std::unique_ptr<SqliteConnection> writer_;
  std::unique_ptr<WalSync> wal_sync_;     // null: each call waits for the disk
  std::optional<Durability> durability_;  // what the writer is set to

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;
};

}  // namespace elicense::authority
