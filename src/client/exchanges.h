// Numbers for what goes out and what waits for the answers. An answer is handed to its continuation once; refuses (in
// silence) answers with a number that nobody waits for, or of another kind than was asked for.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/effects.h"
#include "crypto/ed25519.h"

namespace elicense {

// What came back. Which members mean something follows from what was asked.
struct Reply {
  Moment sent;
  Moment at;
  std::optional<FailureCause> failure;
  PublicKey key;
  Signature signature;
  int status = 0;
  std::optional<std::string> date;  // the HTTP header's text
  std::string body;                 // also a piece of a stream

  bool answered(int wanted) const { return !failure && status == wanted; }
};
using Continuation = std::function<void(const Reply&)>;

// Who asked: what belongs together is given up together.
enum class Flow : std::uint8_t { renewal, access, codes, stream, checks };

inline constexpr std::size_t kMostPending = 32;   // never reached: each flow has a handful
inline constexpr std::size_t kMostEffects = 256;  // of a page that does not fetch them
inline constexpr std::int64_t kRequestTimeout = 15000;

class Exchanges {
 public:
  void put(SessionEffect effect);
  void make_key(Moment at, Flow flow, std::string slot, Continuation then);
  void sign(Moment at, Flow flow, std::string_view slot, Bytes bytes, Continuation then);
  void fetch(Moment at, Flow flow, FetchEffect request, Continuation then);    // the id is filled in
  void listen(Moment at, Flow flow, ListenEffect request, Continuation then);  // called for each piece
  void cancel(Flow flow);
  bool waits(Flow flow) const;

  void key_made(std::int64_t id, const PublicKey& key, Moment at);
  void signature_made(std::int64_t id, const Signature& signature, Moment at);
  void answered(std::int64_t id, int status, std::optional<std::string> date, std::string body, Moment at);
  void received(std::int64_t id, std::string_view text, Moment at);
  void failed(std::int64_t id, FailureCause cause, Moment at);

  std::vector<SessionEffect> take_effects() { return std::exchange(effects_, {}); }

 private:
  enum class Kind : std::uint8_t { key, signature, answer, stream };
  struct Pending {
    std::int64_t id = 0;
    Kind kind = Kind::key;
    Flow flow = Flow::renewal;
    Moment sent;
    Continuation then;
  };
  std::int64_t await(Moment at, Kind kind, Flow flow, Continuation then);
  const Pending* find(std::int64_t id) const;
  void finish(const Pending& pending, Reply reply);

  std::int64_t last_id_ = 0;
  std::vector<Pending> pending_;
  std::vector<SessionEffect> effects_;
};

}  // namespace elicense
