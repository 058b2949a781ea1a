// Partners and operators, and who checked which licence.
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {
namespace {

Stored<std::optional<Partner>> partner_of(PostgresQuery& query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<Partner>();
  Partner partner{.name = query.text(0), .origin = query.text(1)};
  if (!query.fill(2, partner.key)) return StoreError::corrupt;
  return std::optional(std::move(partner));
}

Stored<std::optional<Operator>> operator_of(PostgresQuery& query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<Operator>();
  Operator person{.name = query.text(0)};
  if (!query.fill(1, person.key)) return StoreError::corrupt;
  return std::optional(std::move(person));
}

Stored<bool> remove_named(PostgresConnection& writer, const char* sql, std::string_view name) {
  const PostgresQuery query(writer, sql, name);
  ELICENSE_CHECK(query.run());
  return query.changes() == 1;
}

Stored<std::int64_t> insert(PostgresConnection& writer, const Check& check) {
  PostgresQuery query(writer,
                      "insert into checks (document_number, partner_name, partner_origin, at, result, asked, echo) "
                      "values ($1, $2, $3, $4, $5, $6, $7) returning id",
                      check.document_number, check.partner_name, check.partner_origin, check.at, check.result,
                      check.asked, check.echo);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  return query.integer(0);
}

}  // namespace

StoreStatus PostgresStore::put_partner(const Partner& partner, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> StoreStatus {
    const PostgresQuery query(transaction.connection,
                              "insert into partners (name, origin, key) values ($1, $2, $3) "
                              "on conflict (name) do update set origin = excluded.origin, key = excluded.key",
                              partner.name, partner.origin, partner.key);
    ELICENSE_CHECK(query.run());
    return audit(transaction.connection, act, std::nullopt, now);
  });
}

Stored<std::optional<Partner>> PostgresStore::find_partner(const SecretDigest& key) {
  return read_one([&](PostgresConnection& reader) {
    PostgresQuery query(reader, "select name, origin, key from partners where key = $1", key);
    return partner_of(query);
  });
}

Stored<std::vector<Partner>> PostgresStore::list_partners() {
  return read_one([](PostgresConnection& reader) -> Stored<std::vector<Partner>> {
    PostgresQuery query(reader, "select name, origin, key from partners order by name");
    std::vector<Partner> partners;
    while (true) {
      ELICENSE_TRY(auto partner, partner_of(query));
      if (!partner) return partners;
      partners.push_back(*std::move(partner));
    }
  });
}

Stored<bool> PostgresStore::remove_partner(std::string_view name, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> Stored<bool> {
    ELICENSE_TRY(const bool removed,
                 remove_named(transaction.connection, "delete from partners where name = $1", name));
    if (removed) ELICENSE_CHECK(audit(transaction.connection, act, std::nullopt, now));
    return removed;
  });
}

StoreStatus PostgresStore::put_operator(const Operator& person, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> StoreStatus {
    const PostgresQuery query(
        transaction.connection,
        "insert into operators (name, key) values ($1, $2) on conflict (name) do update set key = excluded.key",
        person.name, person.key);
    ELICENSE_CHECK(query.run());
    return audit(transaction.connection, act, std::nullopt, now);
  });
}

Stored<std::optional<Operator>> PostgresStore::find_operator(const SecretDigest& key) {
  return read_one([&](PostgresConnection& reader) {
    PostgresQuery query(reader, "select name, key from operators where key = $1", key);
    return operator_of(query);
  });
}

Stored<std::vector<Operator>> PostgresStore::list_operators() {
  return read_one([](PostgresConnection& reader) -> Stored<std::vector<Operator>> {
    PostgresQuery query(reader, "select name, key from operators order by name");
    std::vector<Operator> people;
    while (true) {
      ELICENSE_TRY(auto person, operator_of(query));
      if (!person) return people;
      people.push_back(*std::move(person));
    }
  });
}

Stored<bool> PostgresStore::remove_operator(std::string_view name, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> Stored<bool> {
    ELICENSE_TRY(const bool removed,
                 remove_named(transaction.connection, "delete from operators where name = $1", name));
    if (removed) ELICENSE_CHECK(audit(transaction.connection, act, std::nullopt, now));
    return removed;
  });
}

Stored<CheckRecorded> PostgresStore::record_check(const Check& check, const std::optional<CodeToSpend>& spends,
                                                  const std::optional<NewEvent>& event, const Act& act) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> Stored<CheckRecorded> {
    PostgresConnection& writer = transaction.connection;
    if (spends) {
      ELICENSE_TRY(const Spend spent, spend(writer, spends->code, spends->until));
      if (spent == Spend::again) return CheckRecorded{.spend = Spend::again};
    }
    ELICENSE_TRY(const LockedLicence licence, lock_licence(writer, check.document_number));
    ELICENSE_TRY(const std::int64_t id, insert(writer, check));
    if (event) ELICENSE_CHECK(raise(transaction, licence, *event, check.at));
    ELICENSE_CHECK(audit(writer, act, check.document_number, check.at));
    return CheckRecorded{.spend = Spend::first, .id = id};
  });
}

Stored<std::vector<Check>> PostgresStore::list_checks(std::string_view document_number, std::size_t limit) {
  return read_one([&](PostgresConnection& reader) -> Stored<std::vector<Check>> {
    PostgresQuery query(reader,
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
