// The viewer's session: a state machine without I/O. What happens comes in as events, each with its moment; what is to
// be done goes out as effects; what may be shown is asked for with screen(). Every rule of freshness and trust of the
// viewer is here: nothing unverified is shown, no code without the authority's time, none while the status forbids it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/language.h"
#include "client/account.h"
#include "client/documents.h"
#include "client/event_stream.h"
#include "client/exchanges.h"
#include "client/live_codes.h"
#include "client/renewal.h"
#include "client/screen.h"
#include "session/authority_clock.h"
#include "session/messages.h"
#include "session/retry.h"

namespace elicense {

// What earlier sessions of this account have left. Believed only as far as it verifies.
struct KeptThings {
  std::vector<std::pair<std::string, std::string>> texts;  // of `keep` effects, by name
  std::vector<std::pair<std::string, PublicKey>> keys;     // slots that the key store still has
};

inline constexpr std::int64_t kRenewalInterval = 60000;         // milliseconds, while shown
inline constexpr std::int64_t kNoticeTime = 15000;              // milliseconds that a check is told over the pages
inline constexpr std::int64_t kChallengeTime = 60000;           // milliseconds that codes carry a challenge
inline constexpr std::int64_t kConfirmationSeconds = 180;       // older than that is "offline"
inline constexpr std::int64_t kTrustListInterval = 10 * 60000;  // milliseconds
inline constexpr std::int64_t kTrustListMargin = 3600;          // seconds before its end
inline constexpr std::int64_t kLicenceSeconds = 86400;          // an older text is fetched again

class ViewerSession final : private RenewalEvents {
 public:
  ViewerSession(PinnedAuthority authority, RandomSource& random);
  ViewerSession(const ViewerSession&) = delete;
  ViewerSession& operator=(const ViewerSession&) = delete;

  // Events. A session is hidden until shown() says otherwise: it fetches nothing before.
  void start(Moment at, const KeptThings& kept, Language language);
  void code(Moment at, std::string code);    // a pre-authorized code from the host
  void token(Moment at, std::string token);  // an access token from the host, bound to the device key
  void key_made(Moment at, std::int64_t id, const PublicKey& key);
  void signature_made(Moment at, std::int64_t id, const Signature& signature);
  void answered(Moment at, std::int64_t id, int status, std::optional<std::string> date, std::string body);
  void received(Moment at, std::int64_t id, std::string_view text);
  void failed(Moment at, std::int64_t id, FailureCause cause);
  void shown(Moment at);
  void hidden(Moment at);
  void disturbed(Moment at);
  void network(Moment at);
  void refresh(Moment at);
  void wake(Moment at);
  void answer_challenge(Moment at, const std::optional<Challenge>& challenge);  // what the holder has tapped
  void dismiss_notice(Moment at);
  void list_checks(Moment at);  // asks for them, each time
  void close_checks(Moment at);
  void set_language(Moment at, Language language);  // of the words in effects

  std::vector<SessionEffect> take_effects() { return exchanges_.take_effects(); }

  // What may be shown at this moment. Its pointers are good until the next event.
  ViewerScreen screen(Moment at) const;

 private:
  // RenewalEvents
  Verdict lease_arrived(const ArrivedLease& arrived) override;
  Verdict licence_arrived(Moment at, const std::string& text) override;
  void access_changed() override;
  void licence_withheld() override { drop_licence(); }
  void renewal_ended(Moment at, RenewalEnd end) override;

  void take_kept(Moment at, const KeptThings& kept);
  void take_kept_papers(const KeptThings& kept);
  void accept(const ArrivedLease& arrived, VerifiedLease lease);
  void renewal_done(Moment at);
  void lease_key_failed(Moment at);
  void drop_licence();
  void end_phone(ViewerReason reason);  // nothing of it stays
  void keep_time(Moment at);
  void renew_on_hint(Moment at);  // of the stream: at once, or again when one is under way
  void renew_soon(Moment at);     // on a hint: not more often than every two seconds

  // What follows every event: losses noticed, what is due begun, codes prepared, changes announced.
  void settle(Moment at);
  void notice_lost_time(Moment at);
  void run_renewals(Moment at);
  void run_stream(Moment at);
  void stream_answered(const Reply& reply);
  void handle(Moment at, const StreamEvent& event);
  void heard_of(Moment at, LicenceCheck check);
  void checks_answered(const Reply& reply);
  void run_challenge(Moment at);
  void run_codes(Moment at);
  void announce(Moment at);
  void schedule(Moment at);
  bool may_renew() const { return started_ && visible_ && !over_ && !access_ended_ && account_.has_a_way_in(); }
  RenewalWants wants(Moment at) const;
  void recheck_papers(Moment at);
  UnixTime paper_time(Moment at) const;  // the best known for judging papers: never before the newest signature

  struct Standing {
    ViewerState state = ViewerState::loading;
    ViewerReason reason = ViewerReason::none;
    std::optional<ErrorCode> error;
  };
  Standing standing(Moment at) const;
  Standing standing_of_lease(Moment at) const;
  Standing standing_in_time(Moment at) const;
  std::optional<ErrorCode> failed_check() const { return lease_error_ ? lease_error_ : licence_error_; }
  bool is_waiting(Moment at) const;  // for a first answer, before what was kept is shown
  std::optional<UnixTime> papers_end() const;

  Language language_ = Language::chinese;
  RandomSource& random_;
  Exchanges exchanges_;
  AuthorityClock clock_;
  Account account_;
  Documents documents_;
  Renewal renewal_;
  LiveCodes codes_;

  bool started_ = false;
  bool visible_ = false;
  std::int64_t patience_until_ = 0;  // monotonic, as all times here that are not UnixTime
  bool first_renewal_ended_ = false;
  bool time_was_known_ = false;
  ViewerReason ended_by_ = ViewerReason::another_phone;  // as the stream has it, once the authority has refused
  std::int64_t lost_at_ = INT64_MIN / 2;                 // monotonic
  RetryTimer losses_;

  std::optional<ViewerReason> over_;  // another_phone, ended, key_lost: until the host hands in a new code
  bool access_ended_ = false;
  std::optional<ErrorCode> lease_error_, licence_error_;  // what failed a check and has not been made good yet
  bool papers_over_ = false;                              // one of them is past its time, or a key that signed it
  bool licence_outdated_ = false;
  int mismatches_ = 0;
  int key_failures_ = 0;  // renewals one after the other that ended for want of a signature
  int followups_ = 0;     // renewals that began at once because the last one was not complete
  std::uint64_t generation_ = 0;

  RetryTimer renewals_;
  bool last_renewal_failed_ = false;
  bool again_ = false;                        // a status event came while a renewal was under way
  std::int64_t hinted_ = -1'000'000;          // when a hint last began a renewal
  std::optional<std::int64_t> confirmed_at_;  // when the last good renewal ended
  std::optional<std::int64_t> trust_list_fetched_;
  UnixTime newest_signed_;

  RetryTimer streams_;
  EventStreamReader stream_reader_;
  std::string last_event_id_;

  std::optional<LicenceCheck> notice_;
  std::int64_t notice_until_ = 0;
  std::int64_t challenge_until_ = 0;
  std::optional<CheckList> checks_;

  std::optional<StateEffect> announced_;
  std::optional<std::int64_t> wake_;
};

}  // namespace elicense
