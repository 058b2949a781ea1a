// The inside of the PostgreSQL store: what it does in its own way. Each call borrows a session. A deadlock in spite of
// the order in which rows are taken, or a session lost before its commit, is tried again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authority/store/postgres_event_feed.h"
#include "authority/store/postgres_pool.h"
#include "authority/store/postgres_store.h"
#include "authority/store/sql_store.h"

namespace elicense::authority {

class PostgresStore final : public SqlStore {
 public:
  PostgresStore(const PostgresStoreOptions& options, std::string instance, Bytes salt);
  StoreStatus start() { return feed_.start(); }

 private:
  StoreStatus transact(Durability durability, const Writing& work) override;
  StoreStatus look(View view, const Reading& work) override;

  // postgres_store_sql.cpp
  Stored<std::optional<LockedLicence>> find_and_lock(SqlConnection& writer, std::string_view document_number) override;
  StoreStatus require_licence(SqlConnection& writer, std::string_view document_number) override;
  StoreStatus insert_licence(SqlConnection& writer, const LicenceRow& row) override;
  Stored<std::int64_t> insert_event(SqlConnection& writer, const LockedLicence& licence, const NewEvent& event,
                                    UnixTime at) override;
  StoreStatus insert_audit_entry(SqlConnection& writer, const AuditEntry& entry) override;

  const std::string instance_;  // by which it knows its own events
  PostgresPool pool_;
  PostgresEventFeed feed_;  // the first to go: its thread tells the listeners
};

}  // namespace elicense::authority
