#include "authority/store/migrations.h"

#include <string>

#include "authority/store/store_rules.h"

namespace elicense::authority {
namespace {

Stored<std::int64_t> version_of(SqlConnection& connection) {
  SqlQuery query(connection, "select value from meta where name = 'schema_version'");
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::int64_t{0};
  return schema_version_of(query.text(0));
}

}  // namespace

Stored<bool> make_step(SqlConnection& connection, const std::vector<Migration>& steps) {
  ELICENSE_TRY(const std::int64_t version, version_of(connection));
  if (version > steps.back().version) return StoreError::newer_schema;
  for (const auto& migration : steps) {
    if (migration.version <= version) continue;
    ELICENSE_CHECK(connection.run_script(migration.sql));
    const std::string number = std::to_string(migration.version);
    SqlQuery query(connection,
                   "insert into meta (name, value) values ('schema_version', $1) "
                   "on conflict (name) do update set value = excluded.value",
                   PlainText{number});
    ELICENSE_CHECK(query.run());
    return true;
  }
  return false;
}

}  // namespace elicense::authority
