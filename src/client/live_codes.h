// The live codes of a lease: one for each five seconds of the authority's time, signed outside by the lease key, the
// next one while the present one shows. Refuses to hand out a code before its time, and signatures that are not the
// lease key's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/exchanges.h"
#include "licence/live_code.h"

namespace elicense {

inline constexpr std::int64_t kPrepareAhead = 2000;  // milliseconds before a code's time

class LiveCodes {
 public:
  // `key_failed` is called when the lease key does not sign what it should.
  LiveCodes(Exchanges& exchanges, std::function<void(Moment)> key_failed)
      : exchanges_(exchanges), key_failed_(std::move(key_failed)) {}

  // Codes are minted from this lease from now on; what is ready stays good for its five seconds.
  Status use(ByteView encoded_lease, std::string slot);
  // The inspector's digits, which every code carries from now on; nullopt: none do.
  void carry(const std::optional<Challenge>& challenge);
  const std::optional<Challenge>& challenge() const { return challenge_; }
  int key_failures() const { return key_failures_; }  // one after the other
  void clear();  // nothing may be shown: what is ready is dropped, what is under way ignored

  void prepare(Moment at, std::int64_t authority_now);
  const LiveCode* code_at(std::int64_t authority_now) const;
  std::int64_t until_next_step(std::int64_t authority_now) const;  // milliseconds

 private:
  void sign(Moment at, UnixTime presented);
  void signed_by_key(const Reply& reply, const PresentationDraft& draft, UnixTime presented);

  Exchanges& exchanges_;
  std::function<void(Moment)> key_failed_;
  std::optional<LiveCodeMinter> minter_;
  std::string slot_;
  std::optional<Challenge> challenge_;
  std::vector<LiveCode> ready_;  // of this slot of time and the next
  std::vector<UnixTime> under_way_;
  int key_failures_ = 0;
};

}  // namespace elicense
