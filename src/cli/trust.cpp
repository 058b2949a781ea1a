#include "cli/trust.h"

#include <algorithm>

#include "files/key_files.h"

namespace elicense::cli {
namespace {

// NAME=VALUE, cut at the last '=': neither a file nor a key has one where an operator chooses their names well, a uri
// may.
Outcome<std::pair<std::string, std::string>> cut(std::string_view option, std::string_view form,
                                                 const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return usage_problem(std::string(option) + " takes " + std::string(form));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Outcome<TrustList> read_pinned_keys(const Arguments& arguments, Session& session) {
  std::vector<std::pair<std::string, PublicKey>> keys;
  for (const std::string& text : arguments.all("--issuer-key")) {
    ELICENSE_TRY(const auto parts, cut("--issuer-key", "KID=KEY", text));
    ELICENSE_TRY(const PublicKey key, read_public_key("--issuer-key", parts.second, session.files));
    const auto same_name = [&parts](const auto& other) { return other.first == parts.first; };
    if (std::any_of(keys.begin(), keys.end(), same_name)) return usage_problem("--issuer-key names one KID twice");
    keys.emplace_back(parts.first, key);
  }
  return TrustList::of_pinned_keys(keys);
}

}  // namespace

OptionTable root_options() {
  return {
      {"--root", "KEY", Presence::repeatable, "a root key the list may be signed with: base64url, or @FILE with a JWK"},
      {"--seq-seen", "N", Presence::optional, "the highest seq of a list seen before: an older list is refused"}};
}

OptionTable trust_options() {
  return OptionTable{
             {"--trust-list", "FILE", Presence::optional, "the authority's signed trust list, together with --root"}} +
         root_options() +
         OptionTable{{"--issuer-key", "KID=KEY", Presence::repeatable,
                      "instead of a list: a key to trust for everything, always"}};
}

OptionTable status_list_option() {
  return {
      {"--status-list", "URI=FILE", Presence::repeatable, "a signed status list and the uri it must name as its own"}};
}

Outcome<Result<TrustList>> verify_trust_list(std::string_view compact, const Arguments& arguments, Session& session,
                                             UnixTime now) {
  std::vector<PublicKey> roots;
  for (const std::string& text : arguments.all("--root")) {
    ELICENSE_TRY(const PublicKey root, read_public_key("--root", text, session.files));
    roots.push_back(root);
  }
  if (roots.empty()) return usage_problem("a trust list needs --root KEY");
  ELICENSE_TRY(const auto newest, arguments.count("--seq-seen"));
  return TrustList::verify(compact, roots, {.now = now, .newest_sequence_seen = newest});
}

Json Trust::production() const {
  if (pinned || !list.ok()) return nullptr;
  return list->content().production == Production::yes;
}

Outcome<Trust> read_trust(const Arguments& arguments, Session& session, UnixTime now) {
  const auto path = arguments.text("--trust-list");
  if (path.has_value() == arguments.has("--issuer-key")) {
    return usage_problem("whom to trust: either --trust-list FILE with --root KEY, or --issuer-key KID=KEY");
  }
  if (path) {
    ELICENSE_TRY(const std::string compact, session.files.read_line(*path, kMostTrustListFile));
    ELICENSE_TRY(Result<TrustList> list, verify_trust_list(compact, arguments, session, now));
    return Trust{.list = std::move(list), .pinned = false};
  }
  if (arguments.has("--root") || arguments.has("--seq-seen")) {
    return usage_problem("--root and --seq-seen go with --trust-list");
  }
  ELICENSE_TRY(TrustList list, read_pinned_keys(arguments, session));
  return Trust{.list = std::move(list), .pinned = true};
}

Outcome<std::optional<StatusLists>> read_status_lists(const Arguments& arguments, Session& session,
                                                      const TrustList& trust, UnixTime now) {
  if (!arguments.has("--status-list")) return std::optional<StatusLists>();
  StatusLists lists;
  for (const std::string& text : arguments.all("--status-list")) {
    ELICENSE_TRY(const auto parts, cut("--status-list", "URI=FILE", text));
    ELICENSE_TRY(const std::string compact, session.files.read_line(parts.second, kMostStatusListFile));
    auto list = VerifiedStatusList::verify(compact, parts.first, trust, now);
    if (!list.ok()) {
      Problem problem = usage_problem("the status list " + parts.second + " is refused, nothing was checked");
      problem.error = list.error();
      return problem;
    }
    lists.add(std::move(list).value());
  }
  return std::optional(std::move(lists));
}

}  // namespace elicense::cli
