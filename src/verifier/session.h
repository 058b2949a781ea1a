// The verifier's session: a state machine without I/O. What happens comes in as events, each with its moment; what is
// to be done and said goes out as effects. A code is judged here by the same rules as `elicense code verify`; where the
// authority answers, its signed receipt decides, and nothing else in its answer is believed. Refuses to call valid what
// has not been verified on this device as well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/language.h"
#include "crypto/random.h"
#include "licence/receipt.h"
#include "session/authority_clock.h"
#include "session/retry.h"
#include "verifier/check.h"
#include "verifier/effects.h"
#include "verifier/papers.h"
#include "verifier/settings.h"
#include "verifier/spent_in_memory.h"

namespace elicense {

inline constexpr std::int64_t kAnswerTimeout = 4000;               // milliseconds: somebody is standing there
inline constexpr std::int64_t kMostCheckAnswerBytes = 160 * 1024;  // a portrait of 64 KiB and the rest
inline constexpr std::int64_t kMostTrustAnswerBytes = 64 * 1024;
inline constexpr std::int64_t kMostStatusAnswerBytes = 1536 * 1024;
inline constexpr std::int64_t kListInterval = 5 * 60000;   // milliseconds between two fetches of a list
inline constexpr std::int64_t kListGap = 5000;             // milliseconds, however many codes ask for a newer one
inline constexpr std::int64_t kCardStands = 15000;         // milliseconds since its code was last seen
inline constexpr std::int64_t kUncheckedStands = 2000;     // milliseconds: then the same code is tried again
inline constexpr std::int64_t kChallengePatience = 60000;  // milliseconds for the holder to find and tap two digits

inline constexpr std::size_t kMostWaitingEffects = 256;  // of a page that does not fetch them

class CheckSession {
 public:
  explicit CheckSession(RandomSource& random) : random_(random) {}

  void start(Moment at, Result<CheckSettings> settings, const NamedTexts& kept, Language language);
  void code(Moment at, std::string text);
  void answered(Moment at, std::int64_t id, HttpReply reply);
  void failed(Moment at, std::int64_t id, FailureCause cause);
  void want_challenge(Moment at, bool wanted);
  void set_language(Moment at, Language language);
  void network(Moment at);
  void wake(Moment at);

  std::vector<VerifierEffect> take_effects();

 private:
  enum class Stage : std::uint8_t { trust_list, authority, status_list, done };
  struct Answer {
    std::string body;
    Moment sent, received;
  };
  // The code that was shown last.
  struct Shown {
    std::string text;
    Stage stage = Stage::done;
    std::int64_t seen = 0;               // monotonic
    bool is_tried_again = false;         // its card says that no answer could be had
    bool trust_list_renewed = false;     // once for each code
    bool status_list_asked = false;      // likewise
    std::optional<ErrorCode> no_answer;  // the authority was asked in vain
    std::string nonce;
    std::optional<Answer> answer;
  };
  enum class Asked : std::uint8_t { trust_list, status_list, check };
  struct Pending {
    std::int64_t id = 0;
    Asked asked = Asked::check;
    Moment sent;
    std::string uri;
  };
  // The digits that the next code has to carry.
  struct Wanted {
    Challenge challenge;
    std::int64_t since = 0;  // monotonic
  };
  // What became of a request.
  struct Arrived {
    std::optional<HttpReply> reply;  // nullopt: `cause` says why not
    std::optional<FailureCause> cause;
    bool has_body() const { return reply && reply->status == 200; }
  };

  bool is_known(Moment at, std::string_view text);
  void finish_event(Moment at);
  UnixTime now(Moment at) const;
  bool is_clock_proven(Moment at) const { return clock_.now(at).has_value(); }

  // Requests.
  void fetch(Moment at, Asked asked, FetchEffect request);
  bool is_pending(Asked asked) const;
  void give_up(Asked asked);
  std::optional<Pending> take_pending(std::int64_t id);
  void route(Moment at, const Pending& pending, Arrived arrived);
  void fetch_trust_list(Moment at);
  void trust_list_arrived(Moment at, const Arrived& arrived);
  void fetch_status_list(Moment at, const std::string& uri);
  void status_list_arrived(Moment at, const std::string& uri, const Arrived& arrived);
  void ask_authority(Moment at);
  void check_arrived(Moment at, Moment sent, Arrived arrived);
  void no_answer(Moment at, ErrorCode why);

  // The code's way from one question to the next.
  void examine(Moment at);
  bool waits_for_trust_list(Moment at);
  void conclude_without_trust(Moment at, ErrorCode error);
  LiveCodeCheck verify(const TrustList& trust, UnixTime as_of) const;
  LiveCodeCheck verify_and_spend(Moment at);
  bool is_still_awaited(Moment at, const std::optional<ErrorCode>& error) const;
  void judge_answer(Moment at);
  Result<Check> believe(const Answer& answer);
  Result<ReceiptContent> read_receipt(const Answer& answer, std::string_view text);
  Status is_plausible(const Answer& answer, UnixTime claimed) const;
  bool may_await_status_list(Moment at);
  bool waits_for_status_list(Moment at, const LeaseClaims& lease);
  void conclude_here(Moment at, const LiveCodeCheck& found);
  void wait_for_next_code();
  void conclude_unchecked(Moment at, ErrorCode error);
  void conclude(Moment at, Check check);

  void put(VerifierEffect effect) {
    if (effects_.size() < kMostWaitingEffects) effects_.push_back(std::move(effect));
  }
  ReadinessEffect readiness_at(Moment at) const;
  void tell_challenge();
  void end_challenge();

  RandomSource& random_;
  std::optional<CheckSettings> settings_;
  ErrorCode settings_error_ = ErrorCode::message_shape;
  Language language_ = Language::chinese;
  std::optional<Papers> papers_;
  std::optional<ErrorCode> list_error_;  // what the last trust list to arrive was refused for
  AuthorityClock clock_;
  SpentInMemory spent_;
  std::vector<std::string> receipts_seen_;
  RetryTimer lists_;
  std::int64_t list_fetched_ = INT64_MIN / 2;  // monotonic
  bool is_reachable_ = true;                   // nothing has shown otherwise
  bool was_reached_ = false;

  std::optional<Shown> shown_;
  std::optional<Wanted> wanted_;
  std::vector<Pending> pending_;
  std::int64_t last_id_ = 0;
  std::vector<VerifierEffect> effects_;
  std::optional<ReadinessEffect> told_;
  std::optional<std::int64_t> told_wake_;
};

}  // namespace elicense
