// One renewal after the other: a new lease key, a nonce, a proof, the request; where they are wanted, the trust list
// and the licence beside it, and before it access to the account. What can be asked in parallel is. Refuses nothing of
// what arrives: it hands the texts on to be judged, and says how the renewal ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/account.h"

namespace elicense {

struct ArrivedLease {
  Bytes encoded;
  std::string slot;
  PublicKey key;  // made for this lease
  Moment sent;    // the first request that its key was in
  Moment received;
  std::optional<std::string> trust_list;  // the text that came beside it
};

enum class Verdict : std::uint8_t { accepted, refused, newer_trust_list_wanted };

enum class RenewalEnd : std::uint8_t {
  done,
  refused,       // something that arrived did not check
  unreachable,   // no answer, or none that is one
  access_ended,  // the host has to hand in a new token or code
  phone_ended,   // the licence is on another phone
  no_key         // the device's or the lease's cannot be made, or did not sign: a prompt of the host's was cancelled
};

class RenewalEvents {
 public:
  virtual ~RenewalEvents() = default;
  virtual Verdict lease_arrived(const ArrivedLease& lease) = 0;
  virtual Verdict licence_arrived(Moment at, const std::string& text) = 0;  // after its lease
  virtual void access_changed() = 0;                                        // there are new tokens to keep
  virtual void licence_withheld() = 0;  // the authority says that its status forbids to show it
  virtual void renewal_ended(Moment at, RenewalEnd end) = 0;
};

struct RenewalWants {
  bool trust_list = false;
  bool licence = false;
};

inline constexpr std::int64_t kLongestRenewal = 45000;  // milliseconds

class Renewal {
 public:
  Renewal(Account& account, Exchanges& exchanges, RenewalEvents& events)
      : account_(account), exchanges_(exchanges), events_(events) {}

  void begin(Moment at, RenewalWants wants);
  // Without a word: events_ hears nothing of it. A code that is being exchanged for a token is good once: that request
  // goes on, and its answer is kept.
  void give_up();
  void cut_off();  // that request as well
  bool is_running() const { return running_; }
  std::int64_t started() const { return started_; }  // monotonic

 private:
  // One credential that is asked for.
  struct Asked {
    bool is_wanted = false;
    bool under_way = false;
    bool nonce_retried = false;
    bool judged = false;
    std::string token;  // the access token that went with it
    std::optional<Moment> first_sent;
    Moment received;
    std::optional<std::string> credential;
  };
  void advance(Moment at);
  void fetch_trust_list(Moment at);
  void fetch_nonce(Moment at);
  void get_access(Moment at);
  void access_answered(const Reply& reply);
  void ask(Moment at, Asked& asked);
  void send(Asked& asked, const Reply& proof);
  void credential_answered(Asked& asked, const Reply& reply);
  void credential_refused(Asked& asked, const Reply& reply);
  void access_refused(Asked& asked, const Reply& reply);
  void judge(Moment at);
  Verdict judge_lease();
  void finish(Moment at, RenewalEnd end);

  Account& account_;
  Exchanges& exchanges_;
  RenewalEvents& events_;

  bool running_ = false;
  std::int64_t started_ = 0;
  bool trust_list_awaited_ = false;
  bool trust_list_asked_ = false;
  std::optional<std::string> trust_list_;
  std::string slot_;
  std::optional<PublicKey> lease_key_;
  std::vector<std::string> nonces_;
  bool access_awaited_ = false;
  bool access_renewed_ = false;
  bool licence_failed_ = false;
  Asked lease_;
  Asked licence_;
};

}  // namespace elicense
