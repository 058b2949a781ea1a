// What the authority has signed for every verifier: the trust list and status lists, kept between pages and verified
// again. Refuses lists of another authority or root, and lists older than those seen before. Until the time is proved a
// list's own date is believed, because it was signed: what is newer than our clock shows that our clock is slow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "licence/lease.h"
#include "session/messages.h"
#include "token/status_list.h"
#include "token/trust_list.h"

namespace elicense {

class Papers {
 public:
  explicit Papers(PinnedAuthority authority) : authority_(std::move(authority)) {}

  // Returns whether it is another one than before. It may be over: may_trust() tells.
  Result<bool> take_trust_list(std::string text);
  const TrustList& trust() const { return *trust_; }
  const std::string& trust_text() const { return trust_text_; }
  Status may_trust(UnixTime now) const;  // trust-list-missing, -not-yet-valid, -expired
  std::optional<UnixTime> trust_issued() const;
  bool is_production() const { return trust_ && trust_->content().production == Production::yes; }

  Status take_status_list(const std::string& uri, std::string_view text, Moment at, UnixTime now);
  // Those at hand, without what is over; nullptr: none.
  const StatusLists* status_lists(UnixTime now);
  bool has_new_status_list(std::string_view uri, std::int64_t since) const;  // taken since then, monotonic
  bool has_new_status_lists(std::int64_t since) const;                       // some, and each of them

  UnixTime newest_signed() const { return newest_signed_; }  // it cannot be earlier than that
  void hear_signed_time(UnixTime time) { newest_signed_ = std::max(newest_signed_, time); }

  // Across pages: what is kept is believed as far as it verifies.
  std::string time_to_keep() const;
  void resume(const NamedTexts& kept, Moment at);

 private:
  struct Shard {
    std::string uri;
    UnixTime issued;
    std::optional<UnixTime> expires;
    std::int64_t taken = 0;
  };

  PinnedAuthority authority_;
  std::optional<TrustList> trust_;
  std::string trust_text_;
  std::optional<std::int64_t> newest_sequence_;
  StatusLists lists_;
  std::vector<Shard> shards_;
  UnixTime newest_signed_;
};

namespace kept_paper {
inline constexpr std::string_view kTrustList = "trust-list";    // as received
inline constexpr std::string_view kStatusList = "status-list";  // its URI, a space, and the list as received
inline constexpr std::string_view kTime = "time";
}  // namespace kept_paper

inline constexpr std::size_t kMostKeptStatusList = std::size_t{256} * 1024;  // pages have 5 MB for everything

}  // namespace elicense
