// Licences: shown, created, changed.
#include <algorithm>
#include <array>

#include "authority/service/admin_licence.h"
#include "authority/service/admin_routes.h"
#include "authority/service/issuable.h"

namespace elicense::authority {
namespace {

constexpr std::int64_t kMostShown = 200;
constexpr std::int64_t kUsuallyShown = 50;
constexpr std::size_t kMostNumber = 64;
constexpr std::size_t kMostLetters = 32;
constexpr std::size_t kDateCharacters = 10;
constexpr std::int64_t kMostRevision = INT64_MAX;

constexpr std::array<std::string_view, 7> kChangeable = {"points", "valid_until", "address", "driving_privileges",
                                                         "record", "name",        "portrait"};

// What the core says of claims that somebody sent is their mistake.
template <class T>
Answered<T> or_bad_request(Result<T> result) {
  if (!result.ok()) return refuse(400, error_name(result.error()));
  return std::move(result).value();
}

std::size_t members_within(const Json& json) {
  std::size_t count = 0;
  if (json.array() != nullptr) {
    for (const Json& element : *json.array()) count += members_within(element);
  }
  if (json.object() != nullptr) {
    for (const auto& [name, value] : *json.object()) count += 1 + members_within(value);
  }
  return count;
}

bool has_control_characters(const Json& json) {
  if (json.string() != nullptr) {
    return std::any_of(json.string()->begin(), json.string()->end(),
                       [](unsigned char byte) { return byte < 0x20 || byte == 0x7f; });
  }
  if (json.array() != nullptr) return std::any_of(json.array()->begin(), json.array()->end(), has_control_characters);
  if (json.object() == nullptr) return false;
  return std::any_of(json.object()->begin(), json.object()->end(),
                     [](const Json::Member& member) { return has_control_characters(member.second); });
}

// Every claim is read and written back: a member that is lost on the way is one that nobody knows.
Answered<LicenceData> licence_data_in(const Json& claims) {
  if (claims.object() == nullptr || has_control_characters(claims)) return misshapen();
  ELICENSE_TRY(LicenceData data, or_bad_request(licence_data_from_claims(claims)));
  if (members_within(claims) != members_within(licence_data_claims(data))) return refuse(400, "unknown-field");
  if (!data.complete()) return refuse(400, error_name(ErrorCode::licence_incomplete));
  return data;
}

Answered<std::optional<StatusSet>> status_in(RequestBody& body) {
  ELICENSE_TRY(const std::optional<std::string> letters, body.optional_text("status", kMostLetters));
  if (!letters) return std::optional<StatusSet>();
  ELICENSE_TRY(const StatusSet status, or_bad_request(StatusSet::parse(*letters)));
  return std::optional(status);
}

struct Postponement {
  bool is_given = false;
  std::optional<CivilDate> until;
};
Answered<Postponement> postponement_in(RequestBody& body) {
  const Json* const value = body.take("postponed_until");
  if (value == nullptr) return Postponement{};
  Postponement postponement = {.is_given = true, .until = std::nullopt};
  if (value->is_null()) return postponement;
  if (value->string() == nullptr || value->string()->size() != kDateCharacters) return misshapen();
  ELICENSE_TRY(postponement.until, or_bad_request(parse_iso_date(*value->string())));
  return postponement;
}

// N, P and T end on a day, and nothing else does.
Answered<Done> expect_fitting_postponement(const StatusFacts& facts) {
  const StatusSet recorded = facts.recorded;
  const bool is_postponed = recorded.has('N') || recorded.has('P') || recorded.has('T');
  if (is_postponed != facts.postponed_until.has_value()) return refuse(400, "postponed-until");
  return Done{};
}

StatusSet status_today(const Service& service, const StatusFacts& facts) {
  return status_on(facts, civil_date_at(service.clock()));
}

Answered<Done> expect_issuable(Service& service, const LicenceData& data, const std::optional<Portrait>& portrait,
                               const StatusFacts& facts) {
  ELICENSE_CHECK(or_bad_request(
      prove_issuable(data, portrait, status_today(service, facts), service.settings.origin, service.random)));
  return Done{};
}

// What is asked of admin_change_licence, before the licence itself is looked at.
struct Wishes {
  std::string document_number;
  std::int64_t revision = 0;
  std::optional<StatusSet> status;
  Postponement postponement;
  Json::Object claims;
};

Answered<Wishes> wishes_in(RequestBody& body) {
  Wishes wishes;
  ELICENSE_TRY(wishes.document_number, document_number_of(body));
  ELICENSE_TRY(const auto revision, body.optional_integer("revision", 1, kMostRevision));
  ELICENSE_TRY(wishes.status, status_in(body));
  ELICENSE_TRY(wishes.postponement, postponement_in(body));
  for (const std::string_view name : kChangeable) {
    if (const Json* const value = body.take(name)) wishes.claims.emplace_back(name, *value);
  }
  ELICENSE_CHECK(body.expect_nothing_else());
  if (!revision || (wishes.claims.empty() && !wishes.status && !wishes.postponement.is_given)) return misshapen();
  wishes.revision = *revision;
  return wishes;
}

bool asks_for(const Wishes& wishes, std::string_view claim) {
  return std::any_of(wishes.claims.begin(), wishes.claims.end(),
                     [claim](const Json::Member& member) { return member.first == claim; });
}

Answered<LicenceData> data_after(const LicenceRecord& record, const Wishes& wishes) {
  ELICENSE_TRY(const LicenceData data, or_refuse(licence_data_of(record)));
  Json::Object claims = licence_data_claims(data);
  for (const auto& [name, value] : wishes.claims) {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&name = name](const Json::Member& member) { return member.first == name; });
    if (found == claims.end()) {
      claims.emplace_back(name, value);  // the portrait
    } else {
      found->second = value;
    }
  }
  return licence_data_in(claims);
}

StatusFacts facts_after(const LicenceRecord& record, const Wishes& wishes, const LicenceData& data) {
  StatusFacts facts = record.facts;
  if (wishes.status) facts.recorded = *wishes.status;
  if (wishes.postponement.is_given) facts.postponed_until = wishes.postponement.until;
  facts.points = static_cast<int>(*data.points);
  facts.valid_until = *data.valid_until;
  return facts;
}

// The names of what was changed; values only of what says nothing about who it is.
Json::Object details_of(const LicenceRecord& record, const Wishes& wishes, const StatusFacts& after) {
  Json::Array fields;
  if (wishes.status) fields.emplace_back("status");
  if (wishes.postponement.is_given) fields.emplace_back("postponed_until");
  for (const auto& [name, value] : wishes.claims) fields.emplace_back(name);
  Json::Object details = {{"fields", std::move(fields)}};
  if (wishes.status)
    details.emplace_back("status",
                         Json::Object{{"from", record.facts.recorded.letters()}, {"to", after.recorded.letters()}});
  if (asks_for(wishes, "points"))
    details.emplace_back("points", Json::Object{{"from", record.facts.points}, {"to", after.points}});
  return details;
}

LicenceChange change_to(const Wishes& wishes, const StatusFacts& facts, const LicenceData& data,
                        const std::optional<Portrait>& portrait) {
  LicenceChange change;
  change.recorded_status = wishes.status;
  if (wishes.postponement.is_given) change.postponed_until = wishes.postponement.until;
  if (asks_for(wishes, "points")) change.points = facts.points;
  if (asks_for(wishes, "valid_until")) change.valid_until = facts.valid_until;
  if (!wishes.claims.empty()) change.data = Json(licence_data_claims(data)).dump();
  if (portrait) change.portrait = portrait->image;
  return change;
}

Answered<std::optional<Portrait>> stored_portrait(Service& service, const std::string& document_number) {
  ELICENSE_TRY(const std::optional<Bytes> image, or_refuse(service.store.find_portrait(document_number)));
  if (!image) return std::optional<Portrait>();
  ELICENSE_TRY(Portrait portrait, or_refuse(Portrait::from_image(*image)));
  return std::optional(std::move(portrait));
}

}  // namespace

Answered<HttpResponse> admin_licences(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::optional<std::string> after, request.body.optional_text("after", kMostNumber));
  ELICENSE_TRY(const auto limit, request.body.optional_integer("limit", 1, kMostShown));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(const std::vector<LicenceRecord> records,
               or_refuse(service.store.list_licences(after.value_or(""),
                                                     static_cast<std::size_t>(limit.value_or(kUsuallyShown)))));
  Json::Array licences;
  for (const LicenceRecord& record : records) {
    ELICENSE_TRY(Json shown, licence_shown(service, record));
    licences.push_back(std::move(shown));
  }
  // Looking at people's data is an act as well.
  const Act act = request.act("licence.list", {{"licences", static_cast<std::int64_t>(records.size())}});
  ELICENSE_CHECK(or_refuse(service.store.append_audit(act, std::nullopt, service.clock())));
  return json_answer(Json::Object{{"licences", std::move(licences)}});
}

Answered<HttpResponse> admin_licence(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string document_number, document_number_of(request.body));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(const LicenceRecord record, known_licence(service, document_number));
  ELICENSE_TRY(const Json shown, licence_shown(service, record));
  ELICENSE_CHECK(or_refuse(service.store.append_audit(request.act("licence.read"), document_number, service.clock())));
  return json_answer(shown);
}

Answered<HttpResponse> admin_create_licence(Service& service, AdminRequest& request) {
  RequestBody& body = request.body;
  const Json* const claims = body.take("claims");
  const Json* const portrait_uri = body.take("portrait");
  ELICENSE_TRY(const std::optional<StatusSet> status, status_in(body));
  ELICENSE_TRY(const Postponement postponement, postponement_in(body));
  ELICENSE_CHECK(body.expect_nothing_else());
  if (claims == nullptr || portrait_uri == nullptr || portrait_uri->string() == nullptr) return misshapen();
  if (claims->find("portrait") != nullptr) return refuse(400, "unknown-field");
  ELICENSE_TRY(const LicenceData data, licence_data_in(*claims));
  ELICENSE_TRY(const Portrait portrait, or_bad_request(Portrait::from_data_uri(*portrait_uri->string())));
  const NewLicence licence = {.document_number = *data.document_number,
                              .data = Json(licence_data_claims(data)).dump(),
                              .portrait = portrait.image,
                              .facts = {.recorded = status.value_or(StatusSet::normal()),
                                        .points = static_cast<int>(*data.points),
                                        .postponed_until = postponement.until,
                                        .valid_until = *data.valid_until}};
  ELICENSE_CHECK(expect_fitting_postponement(licence.facts));
  ELICENSE_CHECK(expect_issuable(service, data, portrait, licence.facts));
  const Act act = request.act("licence.create", {{"status", licence.facts.recorded.letters()}});
  ELICENSE_TRY(const std::optional<std::uint64_t> index,
               or_refuse(service.store.put_licence(licence, service.clock(), act)));
  if (!index) return refuse(409, "exists");
  ELICENSE_TRY(const LicenceRecord record, known_licence(service, licence.document_number));
  ELICENSE_TRY(const Json shown, licence_shown(service, record));
  return json_answer(shown);
}

Answered<HttpResponse> admin_change_licence(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const Wishes wishes, wishes_in(request.body));
  ELICENSE_TRY(const LicenceRecord before, known_licence(service, wishes.document_number));
  if (before.revision != wishes.revision) return refuse(409, "revision");
  ELICENSE_TRY(LicenceData data, data_after(before, wishes));
  const std::optional<Portrait> new_portrait = std::exchange(data.portrait, std::nullopt);
  std::optional<Portrait> portrait = new_portrait;
  if (!portrait) {
    ELICENSE_TRY(portrait, stored_portrait(service, wishes.document_number));
  }
  const StatusFacts facts = facts_after(before, wishes, data);
  ELICENSE_CHECK(expect_fitting_postponement(facts));
  ELICENSE_CHECK(expect_issuable(service, data, portrait, facts));
  const UnixTime now = service.clock();
  const StatusSet status = status_today(service, facts);
  const NewEvent event = {
      .kind = "status",
      .payload = Json::Object{{"status", status.letters()}, {"usable", status.allows_use()}, {"at", now.seconds}},
      .device = std::nullopt};
  ELICENSE_TRY(const Changed changed,
               or_refuse(service.store.change_licence(
                   wishes.document_number, wishes.revision, change_to(wishes, facts, data, new_portrait), event, now,
                   request.act("licence.change", details_of(before, wishes, facts)))));
  if (changed.outcome == ChangeOutcome::other_revision) return refuse(409, "revision");
  ELICENSE_TRY(const LicenceRecord after, known_licence(service, wishes.document_number));
  ELICENSE_TRY(const Json shown, licence_shown(service, after));
  return json_answer(shown);
}

}  // namespace elicense::authority
