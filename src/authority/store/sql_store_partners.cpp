// Partners and operators, and who checked which licence.
#include "authority/store/sql_store.h"

namespace elicense::authority {
namespace {

Stored<std::optional<Partner>> partner_of(SqlQuery& query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<Partner>();
  Partner partner{.name = query.text(0), .origin = query.text(1)};
  if (!query.fill(2, partner.key)) return StoreError::corrupt;
  return std::optional(std::move(partner));
}

Stored<std::optional<Operator>> operator_of(SqlQuery& query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<Operator>();
  Operator person{.name = query.text(0)};
  if (!query.fill(1, person.key)) return StoreError::corrupt;
  return std::optional(std::move(person));
}

Stored<bool> remove_named(SqlConnection& writer, std::string_view sql, std::string_view name) {
  ELICENSE_TRY(const std::int64_t rows, changes_of(SqlQuery(writer, sql, name)));
  return rows == 1;
}

Stored<std::int64_t> insert(SqlConnection& writer, const Check& check) {
  return number_of(
      SqlQuery(writer,
               "insert into checks (document_number, partner_name, partner_origin, at, result, asked, echo) "
               "values ($1, $2, $3, $4, $5, $6, $7) returning id",
               check.document_number, check.partner_name, check.partner_origin, check.at, check.result, check.asked,
               check.echo));
}

}  // namespace

StoreStatus SqlStore::put_partner(const Partner& partner, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> StoreStatus {
    SqlQuery query(writer,
                   "insert into partners (name, origin, key) values ($1, $2, $3) "
                   "on conflict (name) do update set origin = excluded.origin, key = excluded.key",
                   partner.name, partner.origin, partner.key);
    ELICENSE_CHECK(query.run());
    return audit(writer, act, std::nullopt, now);
  });
}

Stored<std::optional<Partner>> SqlStore::find_partner(const SecretDigest& key) {
  return read_one([&](SqlConnection& reader) {
    SqlQuery query(reader, "select name, origin, key from partners where key = $1", key);
    return partner_of(query);
  });
}

Stored<std::vector<Partner>> SqlStore::list_partners() {
  return read_one([](SqlConnection& reader) -> Stored<std::vector<Partner>> {
    SqlQuery query(reader, "select name, origin, key from partners order by name");
    std::vector<Partner> partners;
    while (true) {
      ELICENSE_TRY(auto partner, partner_of(query));
      if (!partner) return partners;
      partners.push_back(*std::move(partner));
    }
  });
}

Stored<bool> SqlStore::remove_partner(std::string_view name, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<bool> {
    ELICENSE_TRY(const bool removed, remove_named(writer, "delete from partners where name = $1", name));
    if (removed) ELICENSE_CHECK(audit(writer, act, std::nullopt, now));
    return removed;
  });
}

StoreStatus SqlStore::put_operator(const Operator& person, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> StoreStatus {
    SqlQuery query(
        writer, "insert into operators (name, key) values ($1, $2) on conflict (name) do update set key = excluded.key",
        person.name, person.key);
    ELICENSE_CHECK(query.run());
    return audit(writer, act, std::nullopt, now);
  });
}

Stored<std::optional<Operator>> SqlStore::find_operator(const SecretDigest& key) {
  return read_one([&](SqlConnection& reader) {
    SqlQuery query(reader, "select name, key from operators where key = $1", key);
    return operator_of(query);
  });
}

Stored<std::vector<Operator>> SqlStore::list_operators() {
  return read_one([](SqlConnection& reader) -> Stored<std::vector<Operator>> {
    SqlQuery query(reader, "select name, key from operators order by name");
    std::vector<Operator> people;
    while (true) {
      ELICENSE_TRY(auto person, operator_of(query));
      if (!person) return people;
      people.push_back(*std::move(person));
    }
  });
}

Stored<bool> SqlStore::remove_operator(std::string_view name, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<bool> {
    ELICENSE_TRY(const bool removed, remove_named(writer, "delete from operators where name = $1", name));
    if (removed) ELICENSE_CHECK(audit(writer, act, std::nullopt, now));
    return removed;
  });
}

Stored<CheckRecorded> SqlStore::record_check(const Check& check, const std::optional<CodeToSpend>& spends,
                                             const std::optional<NewEvent>& event, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<CheckRecorded> {
    if (spends) {
      ELICENSE_TRY(const Spend spent, spend(writer, spends->code, spends->until));
      if (spent == Spend::again) return CheckRecorded{.spend = Spend::again};
    }
    ELICENSE_TRY(const LockedLicence licence, lock_licence(writer, check.document_number));
    ELICENSE_TRY(const std::int64_t id, insert(writer, check));
    if (event) ELICENSE_CHECK(raise(writer, licence, *event, check.at));
    ELICENSE_CHECK(audit(writer, act, check.document_number, check.at));
    return CheckRecorded{.spend = Spend::first, .id = id};
  });
}

Stored<std::vector<Check>> SqlStore::list_checks(std::string_view document_number, std::size_t limit) {
  return read_one([&](SqlConnection& reader) -> Stored<std::vector<Check>> {
    SqlQuery query(reader,
                   "select partner_name, partner_origin, at, result, asked, echo from checks "
                   "where document_number = $1 order by id desc limit $2",
                   document_number, limit);
    std::vector<Check> checks;
    while (true) {
      ELICENSE_TRY(const bool row, query.next());
      if (!row) return checks;
      Check check{.document_number = std::string(document_number),
                  .partner_name = query.text(0),
                  .partner_origin = query.text(1),
                  .at = query.time(2),
                  .result = query.text(3),
                  .asked = query.optional_text(4)};
      if (const auto echo = query.optional_integer(5)) check.echo = static_cast<int>(*echo);
      checks.push_back(std::move(check));
    }
  });
}

}  // namespace elicense::authority
