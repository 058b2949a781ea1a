// A world around one verifier: an authority that checks codes, a network with delays, a device with two clocks, a
// holder with a phone, a page that does what effects ask for. Every card is followed by the invariants.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/support/authority.h"
#include "session/support/made_up_time.h"
#include "verifier/session.h"

namespace elicense::test {

inline constexpr std::string_view kPartnerOrigin = "https://rent.example";

class CheckWorld final : public MadeUpTime {
 public:
  explicit CheckWorld(std::uint64_t seed = 1);

  // The page. A new one: what was kept is there, memory is not.
  void load();
  void load_with(Result<CheckSettings> settings);
  void show(const std::string& text);      // and what follows within two seconds
  void show_now(const std::string& text);  // and nothing follows yet
  void want_challenge(bool wanted);
  void network_is_back();
  void speak(Language to);

  // The holder's phone.
  void renew_lease() { renew_lease(authority_now()); }
  void renew_lease(UnixTime signed_at);
  std::string code(std::optional<Challenge> challenge = std::nullopt) { return code_at(authority_now(), challenge); }
  std::string code_at(UnixTime presented, std::optional<Challenge> challenge = std::nullopt);

  std::optional<Challenge> asked_challenge() const;
  const CheckCard& card() const { return cards.back(); }
  std::string result() const { return cards.empty() ? "none" : std::string(card().result); }
  std::string error() const { return !cards.empty() && card().error ? std::string(error_name(*card().error)) : ""; }
  bool says_unchecked(Unchecked what) const;

  MiniatureAuthority authority;
  SeededRandom random;
  std::unique_ptr<CheckSession> session;
  CheckSettings settings;

  bool online = true;
  std::int64_t there = 40, back = 60;  // milliseconds
  // May change an answer, or make it none; a receipt before it is signed; the record's status, apart from the lease's.
  std::function<std::optional<HttpAnswer>(const FetchEffect&, HttpAnswer)> on_the_wire;
  std::function<void(ReceiptContent&)> on_receipt;
  std::optional<StatusSet> recorded;
  std::optional<std::uint8_t> listed;  // in the status list, other than of `recorded`
  bool lease_revoked = false;
  std::int64_t status_list_seconds = 86400;
  std::string status_list_subject;  // empty: as it should be

  std::map<std::string, std::string> kept;
  std::vector<CheckCard> cards;
  std::vector<ReadinessEffect> readiness;
  std::vector<ChallengeEffect> challenges;
  std::vector<FetchEffect> fetches;
  int checkings = 0;
  std::set<std::int64_t> aborted;

 private:
  void wake() override { session->wake(moment()); }
  void obey() override;
  void obey(const VerifierEffect& effect);
  void obey_fetch(const FetchEffect& request);
  void check_invariants(const CheckCard& card);
  HttpAnswer answer(const FetchEffect& request);
  HttpAnswer verify(const FetchEffect& request);
  HttpAnswer status_list(const std::string& uri);

  SecretKey lease_key_;
  std::optional<LiveCodeMinter> minter_;
  std::set<std::pair<LeaseId, std::int64_t>> spent_;
  int receipts_ = 0;
  std::string shown_;
};

}  // namespace elicense::test
