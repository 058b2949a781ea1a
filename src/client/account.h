// Who this phone is to the authority: its device key, its access tokens, and requests that prove both (DPoP, RFC 9449;
// key proofs, OpenID4VCI 1.0 F.1). Refuses nothing; a token is worth what the authority says it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/exchanges.h"
#include "codec/json.h"
#include "session/authority_clock.h"

namespace elicense {

struct Call {
  Flow flow = Flow::renewal;
  std::string_view method = "POST";
  std::string_view path;
  std::string_view content_type;  // empty: no body
  std::string body;
  std::string access_token;  // empty: none goes with it
  std::string last_event_id;
};

// A key proof that is to be made: by which slot's key, over which nonce.
struct ProofWanted {
  Flow flow = Flow::renewal;
  std::string_view slot;
  PublicKey key;
  std::string_view nonce;
};

inline constexpr std::int64_t kMostAnswerBytes = 64 * 1024;
inline constexpr std::int64_t kMostLicenceAnswerBytes = 512 * 1024;

class Account {
 public:
  Account(std::string origin, RandomSource& random, Exchanges& exchanges, const AuthorityClock& clock)
      : origin_(std::move(origin)), random_(random), exchanges_(exchanges), clock_(clock) {}

  std::optional<PublicKey> device_key;
  std::string access_token;
  std::string refresh_token;
  std::string code;  // pre-authorized, not yet used
  bool has_a_way_in() const { return !access_token.empty() || !refresh_token.empty() || !code.empty(); }
  void forget_tokens();

  // A request that needs no proof. `limit` bounds the answer.
  void ask(Moment at, std::string_view method, std::string_view path, const Continuation& then);
  // Signs a DPoP proof with the device key, then sends. A device key that does not sign is a failure of kind `key`.
  void call(Moment at, const Call& call, const Continuation& then);
  void listen(Moment at, const Call& call, const Continuation& then);
  // Hands on the text of the proof in the reply's body.
  void prove(Moment at, const ProofWanted& wanted, Continuation then);
  // From what this account has: the refresh token first, then the code. Either is used once at a time.
  void get_access(Moment at, const Continuation& then);
  bool take_access(const Reply& reply);  // false: the answer holds no token

  // The date of an answer to /nonce: unsigned, good for the `iat` of proofs and for nothing else.
  void hear_date(const Reply& reply);
  std::string random_name(std::size_t bytes);

 private:
  void with_proof(Moment at, const Call& call, const std::function<void(Moment, HttpHeaders)>& send,
                  const Continuation& failed);
  std::int64_t proof_time(Moment at) const;

  std::string origin_;
  RandomSource& random_;
  Exchanges& exchanges_;
  const AuthorityClock& clock_;
  std::optional<std::int64_t> hint_;  // authority's seconds minus monotonic milliseconds / 1000, in milliseconds
};

// The JSON object of an answer's body, or what is not one. Bounded; unknown members are the caller's to ignore.
Result<Json> answer_body(const Reply& reply);
std::string text_of_member(const Json& object, std::string_view name);  // empty when there is none

}  // namespace elicense
