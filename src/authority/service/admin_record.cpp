// Who checked a licence, and who did what. Both are read on the record.
#include <algorithm>

#include "authority/service/admin_licence.h"
#include "authority/service/admin_routes.h"

namespace elicense::authority {
namespace {

constexpr std::int64_t kMostChecks = 1000;
constexpr std::int64_t kUsualChecks = 100;
constexpr std::int64_t kMostEntries = 1000;
constexpr std::int64_t kUsualEntries = 100;
constexpr std::string_view kReading = "audit.read";

Json check_shown(const Check& check) {
  Json::Object shown = {{"at", check.at.seconds},
                        {"partner", check.partner_name},
                        {"origin", check.partner_origin},
                        {"result", check.result}};
  if (check.asked) shown.emplace_back("asked", *check.asked);
  if (check.echo) shown.emplace_back("echo", *check.echo);
  return shown;
}

Json entry_shown(const AuditEntry& entry) {
  // The details as they are: whoever checks the chain hashes that text.
  return Json::Object{{"sequence", entry.sequence},
                      {"at", entry.at.seconds},
                      {"actor", entry.actor},
                      {"action", entry.action},
                      {"subject", entry.subject ? Json(to_hex(*entry.subject)) : Json()},
                      {"details", entry.details},
                      {"previous", to_hex(entry.previous)},
                      {"hash", to_hex(entry.hash)}};
}

}  // namespace

Answered<HttpResponse> admin_checks(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string document_number, document_number_of(request.body));
  ELICENSE_TRY(const auto limit, request.body.optional_integer("limit", 1, kMostChecks));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_CHECK(known_licence(service, document_number));
  ELICENSE_TRY(
      const std::vector<Check> checks,
      or_refuse(service.store.list_checks(document_number, static_cast<std::size_t>(limit.value_or(kUsualChecks)))));
  ELICENSE_CHECK(
      or_refuse(service.store.append_audit(request.act("licence.checks"), document_number, service.clock())));
  Json::Array list;
  for (const Check& check : checks) list.push_back(check_shown(check));
  return json_answer(Json::Object{{"checks", std::move(list)}});
}

Answered<HttpResponse> admin_audit(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const auto after, request.body.optional_integer("after", 0, INT64_MAX));
  ELICENSE_TRY(const auto limit, request.body.optional_integer("limit", 1, kMostEntries));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(
      const std::vector<AuditEntry> entries,
      or_refuse(service.store.audit_after(after.value_or(0), static_cast<std::size_t>(limit.value_or(kUsualEntries)))));
  // Reading is recorded, but for a page that tells of nothing else: who reads on to the end has to come to an end.
  const bool tells_something =
      std::any_of(entries.begin(), entries.end(), [](const AuditEntry& entry) { return entry.action != kReading; });
  if (tells_something) {
    const Act act =
        request.act(kReading, {{"after", after.value_or(0)}, {"entries", static_cast<std::int64_t>(entries.size())}});
    ELICENSE_CHECK(or_refuse(service.store.append_audit(act, std::nullopt, service.clock())));
  }
  Json::Array list;
  for (const AuditEntry& entry : entries) list.push_back(entry_shown(entry));
  return json_answer(Json::Object{{"entries", std::move(list)}});
}

}  // namespace elicense::authority
