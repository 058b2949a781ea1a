#include "verifier/papers.h"

#include <algorithm>

#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::size_t kMostShards = 4;  // of a mebibyte each
constexpr std::size_t kMostTrustListBytes = 65536;
constexpr std::size_t kMostStatusListBytes = std::size_t{2} << 20;
constexpr JsonLimits kKeptLimits = {.bytes = 4096, .depth = 1, .values = 8};

Result<UnixTime> claimed_time(std::string_view text, std::size_t most_bytes) {
  ELICENSE_TRY(const UnverifiedJws jws, UnverifiedJws::parse(text, most_bytes));
  return jws.claimed_issue_time();
}

const std::string* kept_text(const NamedTexts& kept, std::string_view name) {
  const auto found = std::find_if(kept.begin(), kept.end(), [name](const auto& one) { return one.first == name; });
  return found == kept.end() ? nullptr : &found->second;
}

}  // namespace

Result<bool> Papers::take_trust_list(std::string text) {
  if (text == trust_text_) return false;
  ELICENSE_TRY(const UnixTime claimed, claimed_time(text, kMostTrustListBytes));
  ELICENSE_TRY(TrustList list,
               TrustList::verify(text, authority_.roots, {.now = claimed, .newest_sequence_seen = newest_sequence_}));
  if (list.content().issuer != authority_.origin) return ErrorCode::issuer_mismatch;
  newest_sequence_ = list.content().sequence;
  hear_signed_time(list.content().issued);
  trust_ = std::move(list);
  trust_text_ = std::move(text);
  return true;
}

Status Papers::may_trust(UnixTime now) const {
  if (!trust_) return ErrorCode::trust_list_missing;
  if (trust_->content().issued > now + kClockAllowanceSeconds) return ErrorCode::trust_list_not_yet_valid;
  if (trust_->content().expires <= now) return ErrorCode::trust_list_expired;
  return Done{};
}

std::optional<UnixTime> Papers::trust_issued() const {
  return trust_ ? std::optional(trust_->content().issued) : std::nullopt;
}

Status Papers::take_status_list(const std::string& uri, std::string_view text, Moment at, UnixTime now) {
  if (!trust_) return ErrorCode::trust_list_missing;
  ELICENSE_TRY(const UnixTime claimed, claimed_time(text, kMostStatusListBytes));
  ELICENSE_TRY(VerifiedStatusList list, VerifiedStatusList::verify(text, uri, *trust_, std::max(now, claimed)));
  const auto held = std::find_if(shards_.begin(), shards_.end(), [&uri](const Shard& one) { return one.uri == uri; });
  if (held != shards_.end() && list.head().issued < held->issued) return ErrorCode::authority_time;
  hear_signed_time(list.head().issued);
  if (held != shards_.end()) {
    shards_.erase(held);
  } else if (shards_.size() >= kMostShards) {
    lists_ = {};
    shards_.clear();
  }
  shards_.push_back({.uri = uri, .issued = list.head().issued, .expires = list.head().expires, .taken = at.monotonic});
  lists_.add(std::move(list));
  return Done{};
}

const StatusLists* Papers::status_lists(UnixTime now) {
  const auto is_over = [now](const Shard& shard) { return shard.expires && *shard.expires <= now; };
  if (std::any_of(shards_.begin(), shards_.end(), is_over)) {
    lists_ = {};
    shards_.clear();
  }
  return shards_.empty() ? nullptr : &lists_;
}

bool Papers::has_new_status_list(std::string_view uri, std::int64_t since) const {
  return std::any_of(shards_.begin(), shards_.end(),
                     [&](const Shard& shard) { return shard.uri == uri && shard.taken >= since; });
}

bool Papers::has_new_status_lists(std::int64_t since) const {
  return !shards_.empty() &&
         std::all_of(shards_.begin(), shards_.end(), [since](const Shard& shard) { return shard.taken >= since; });
}

std::string Papers::time_to_keep() const {
  Json::Object object = {{"signed", newest_signed_.seconds}};
  if (newest_sequence_) object.emplace_back("sequence", *newest_sequence_);
  return Json(std::move(object)).dump();
}

void Papers::resume(const NamedTexts& kept, Moment at) {
  if (const std::string* const text = kept_text(kept, kept_paper::kTime)) {
    const auto object = Json::parse(*text, kKeptLimits);
    if (object) {
      if (const auto time = time_member(*object, "signed", ErrorCode::message_shape)) hear_signed_time(*time);
      if (const auto sequence = integer_member(*object, "sequence", ErrorCode::message_shape))
        newest_sequence_ = *sequence;
    }
  }
  if (const std::string* const text = kept_text(kept, kept_paper::kTrustList)) {
    // What does not check was not kept by us: there is no list yet, and the next fetch brings one.
    if (!take_trust_list(*text)) return;
  }
  if (const std::string* const text = kept_text(kept, kept_paper::kStatusList)) {
    const std::size_t space = text->find(' ');
    if (space == std::string::npos) return;
    const std::string uri = text->substr(0, space);
    const auto taken = take_status_list(uri, std::string_view(*text).substr(space + 1), at, newest_signed_);
    // Of another page's life: due to be fetched again at once.
    if (taken) shards_.back().taken = INT64_MIN / 2;
  }
}

}  // namespace elicense
