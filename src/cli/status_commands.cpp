// status build, status lookup.
#include <algorithm>
#include <charconv>

#include "cli/presentation.h"
#include "files/key_files.h"
#include "licence/status.h"
#include "token/status_list.h"

namespace elicense::cli {
namespace {

// A number of up to three digits, a comma and a line ending for each; keys of a map take longer.
constexpr JsonLimits kStatusesLimits = {.bytes = 24 * kStatusesPerShard, .depth = 2, .values = kStatusesPerShard + 1};

// A number from 0 to 255, or status letters.
Outcome<std::uint8_t> read_status(const Json& value, std::string_view place) {
  if (const std::string* letters = value.string()) {
    const auto status = StatusSet::parse(*letters);
    if (!status.ok()) return field_refusal(status.error(), place, "is not a set of status letters");
    return status_list_value(*status);
  }
  const auto number = value.integer();
  if (!number || *number < 0 || *number > 255) {
    return field_refusal(ErrorCode::status_list_shape, place, "is neither a number from 0 to 255 nor status letters");
  }
  return static_cast<std::uint8_t>(*number);
}

Outcome<std::vector<std::uint8_t>> read_array(const Json::Array& values) {
  std::vector<std::uint8_t> statuses;
  statuses.reserve(values.size());
  for (const Json& value : values) {
    ELICENSE_TRY(const std::uint8_t status, read_status(value, std::to_string(statuses.size())));
    statuses.push_back(status);
  }
  return statuses;
}

Outcome<std::vector<std::uint8_t>> read_map(const Json::Object& members, std::int64_t size) {
  std::vector<std::uint8_t> statuses(static_cast<std::size_t>(size));
  for (const auto& [name, value] : members) {
    std::size_t index = 0;
    const auto [stopped, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool number = error == std::errc() && stopped == name.data() + name.size();
    if (!number || index >= statuses.size())
      return field_refusal(ErrorCode::status_list_index, name, "is not an index below --size");
    ELICENSE_TRY(statuses[index], read_status(value, name));
  }
  return statuses;
}

Outcome<std::vector<std::uint8_t>> read_statuses(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const auto size, arguments.count("--size"));
  if (size && *size > static_cast<std::int64_t>(kStatusesPerShard)) {
    return usage_problem("--size is more than a list holds (" + std::to_string(kStatusesPerShard) + ")");
  }
  ELICENSE_TRY(const std::string text, session.files.read(arguments.required("--statuses"), kStatusesLimits.bytes));
  const auto json = Json::parse(text, kStatusesLimits);
  if (!json.ok()) return refusal(json.error(), "the statuses are not JSON");
  if (json->array() != nullptr) {
    if (size) return usage_problem("--size goes with a map of statuses, not with an array");
    return read_array(*json->array());
  }
  if (json->object() == nullptr)
    return refusal(ErrorCode::status_list_shape, "the statuses are neither an array nor a map");
  if (!size) return usage_problem("a map of statuses needs --size N");
  return read_map(*json->object(), *size);
}

Outcome<StatusListHead> read_head(const Arguments& arguments) {
  StatusListHead head{.uri = arguments.required("--uri"),
                      .issuer = arguments.text("--issuer"),
                      .issued = {},
                      .expires = std::nullopt,
                      .time_to_live = std::nullopt};
  ELICENSE_TRY(const auto issued, arguments.time("--iat"));
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  head.issued = issued.value_or(now);
  ELICENSE_TRY(head.expires, arguments.time("--exp"));
  ELICENSE_TRY(head.time_to_live, arguments.count("--ttl"));
  if (head.expires && *head.expires <= head.issued) return usage_problem("--exp is not after --iat");
  if (head.time_to_live == 0) return usage_problem("--ttl is 0");
  return head;
}

Outcome<Report> build(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const StatusListHead head, read_head(arguments));
  ELICENSE_TRY(const auto bits, arguments.count("--bits"));
  ELICENSE_TRY(const SecretKey key, read_secret_key(arguments.required("--key"), session.files));
  ELICENSE_TRY(const auto statuses, read_statuses(arguments, session));
  const auto width = static_cast<int>(std::min<std::int64_t>(bits.value_or(8), 256));
  const auto packed = StatusArray::pack(statuses, width);
  if (!packed.ok())
    return refusal(packed.error(), "the statuses do not fit into elements of " + std::to_string(width) + " bits");
  const auto text = sign_status_list(head, *packed, key);
  if (!text.ok()) return refusal(text.error(), "it could not be signed");
  return deliver(arguments, {.name = "status_list", .text = *text, .readers = Readers::everybody});
}

// --- lookup ---

struct Lookup {
  Trust trust;
  std::vector<CheckStep> steps;
  std::optional<ErrorCode> error;
  std::optional<StatusListHead> head;
  std::optional<std::uint8_t> value;
  std::optional<StatusSet> status;
};

void look_up(Lookup& lookup, std::string_view compact, const StatusReference& reference, UnixTime now) {
  const auto find = [&](Checklist& checklist) -> Status {
    ELICENSE_TRY(const auto list, checklist.note("status-list", VerifiedStatusList::verify(compact, reference.uri,
                                                                                           *lookup.trust.list, now)));
    lookup.head = list.head();
    ELICENSE_TRY(lookup.value, checklist.note("index", list.statuses().at(reference.index)));
    ELICENSE_TRY(lookup.status, checklist.note("value", status_of_list_value(*lookup.value)));
    return Done{};
  };
  Checklist checklist;
  const Status found = find(checklist);
  if (!found.ok()) lookup.error = found.error();
  lookup.steps = checklist.steps();
}

Json lookup_json(const Lookup& lookup, const StatusReference& reference) {
  const auto time_json = [](const std::optional<UnixTime>& time) { return time ? Json(time->seconds) : Json(nullptr); };
  const StatusListHead head = lookup.head.value_or(StatusListHead{});
  return Json::Object{{"result", lookup.error ? "refused" : "found"},
                      {"error", error_json(lookup.error)},
                      {"uri", reference.uri},
                      {"index", static_cast<std::int64_t>(reference.index)},
                      {"value", lookup.value ? Json(static_cast<int>(*lookup.value)) : Json(nullptr)},
                      {"status", status_json(lookup.status)},
                      {"iat", lookup.head ? Json(head.issued.seconds) : Json(nullptr)},
                      {"exp", time_json(head.expires)},
                      {"ttl", head.time_to_live ? Json(*head.time_to_live) : Json(nullptr)},
                      {"steps", steps_json(lookup.trust, lookup.steps)},
                      {"production", lookup.trust.production()}};
}

std::string lookup_text(const Lookup& lookup) {
  Lines lines(lookup.error ? "REFUSED  The status could not be looked up." : "FOUND  The status as the list says it.");
  if (lookup.value) lines.add("value", std::to_string(*lookup.value));
  if (lookup.status) lines.add("status", status_words(*lookup.status));
  if (lookup.status) lines.add("usable", lookup.status->allows_use() ? "yes" : "no");
  lines.add_failure(lookup.error, lookup.steps);
  lines.add_demonstration_note(lookup.trust);
  return lines.text();
}

Outcome<Report> find(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const auto index, arguments.count("--index"));
  const StatusReference reference{.index = static_cast<std::uint64_t>(*index), .uri = arguments.required("--uri")};
  ELICENSE_TRY(const std::string compact,
               session.files.read_line(arguments.text("--list").value_or("-"), kMostStatusListFile));
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  ELICENSE_TRY(Trust trust, read_trust(arguments, session, now));
  Lookup lookup{.trust = std::move(trust), .steps = {}, .error = {}, .head = {}, .value = {}, .status = {}};
  if (lookup.trust.list.ok()) {
    look_up(lookup, compact, reference, now);
  } else {
    lookup.error = lookup.trust.list.error();
  }
  return Report{.exit = lookup.error ? Exit::refused : Exit::good,
                .json = lookup_json(lookup, reference),
                .text = lookup_text(lookup)};
}

}  // namespace

std::vector<Command> status_commands() {
  const OptionTable build_options =
      OptionTable{
          {"--statuses", "FILE", Presence::required, "JSON: [0, 17, \"BD\", …], or {\"index\": value, …} with --size"},
          {"--size", "N", Presence::optional, "with a map: how many entries the list has; others are 0"},
          {"--bits", "N", Presence::optional, "of an entry: 1, 2, 4 or 8 (default 8)"},
          {"--uri", "URI", Presence::required, "where the list will be published (its sub)"},
          {"--issuer", "ORIGIN", Presence::optional, "the authority's origin (its iss)"}} +
      key_option("the authority's secret status key (mode 0600), or -") + now_option() +
      OptionTable{{"--iat", "SECONDS", Presence::optional, "when it is issued (default: now)"},
                  {"--exp", "SECONDS", Presence::optional, "when it expires (default: never)"},
                  {"--ttl", "SECONDS", Presence::optional, "how long a copy may be cached"}} +
      out_option();
  return {
      {.group = "status",
       .verb = "build",
       .summary = "pack statuses and sign them as a status list",
       .details = "A status is a number, or letters of the status table: a set of them is listed under its gravest.\n",
       .options = build_options,
       .run = build},
      {.group = "status",
       .verb = "lookup",
       .summary = "look up a status in a signed status list",
       .details = "Exit 0 when it is found, whatever it is: \"usable\" tells whether it allows use.\n",
       .options = OptionTable{{"--index", "N", Presence::required, "the place in the list"},
                              {"--uri", "URI", Presence::required, "the uri that the list must name as its own"},
                              {"--list", "FILE", Presence::optional, "the status list (default: standard input)"}} +
                  trust_options() + now_option(),
       .run = find}};
}

}  // namespace elicense::cli
