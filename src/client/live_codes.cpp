#include "client/live_codes.h"

#include <algorithm>

namespace elicense {
namespace {

UnixTime slot_of(std::int64_t authority_now) {
  const std::int64_t seconds = authority_now / 1000;
  return UnixTime{seconds - seconds % kCodeSeconds};
}

}  // namespace

Status LiveCodes::use(ByteView encoded_lease, std::string slot) {
  ELICENSE_TRY(minter_, LiveCodeMinter::from_lease(encoded_lease));
  slot_ = std::move(slot);
  exchanges_.cancel(Flow::codes);
  under_way_.clear();
  return Done{};
}

void LiveCodes::carry(const std::optional<Challenge>& challenge) {
  if (challenge == challenge_) return;
  challenge_ = challenge;
  clear();
}

void LiveCodes::clear() {
  exchanges_.cancel(Flow::codes);
  under_way_.clear();
  ready_.clear();
}

void LiveCodes::prepare(Moment at, std::int64_t authority_now) {
  const UnixTime present = slot_of(authority_now);
  const auto is_past = [present](const LiveCode& code) { return code.presented < present; };
  ready_.erase(std::remove_if(ready_.begin(), ready_.end(), is_past), ready_.end());
  sign(at, present);
  const UnixTime next = present + kCodeSeconds;
  if (next.seconds * 1000 - authority_now <= kPrepareAhead) sign(at, next);
}

void LiveCodes::sign(Moment at, UnixTime presented) {
  if (!minter_) return;
  const auto is_ready = [presented](const LiveCode& code) { return code.presented == presented; };
  if (std::any_of(ready_.begin(), ready_.end(), is_ready)) return;
  if (std::find(under_way_.begin(), under_way_.end(), presented) != under_way_.end()) return;
  if (under_way_.size() >= 2) return;  // a key that does not answer is not asked for ever more
  under_way_.push_back(presented);
  const PresentationDraft draft = minter_->draft(presented, challenge_);
  exchanges_.sign(at, Flow::codes, slot_, draft.signing_input.bytes,
                  [this, draft, presented](const Reply& reply) { signed_by_key(reply, draft, presented); });
}

void LiveCodes::signed_by_key(const Reply& reply, const PresentationDraft& draft, UnixTime presented) {
  under_way_.erase(std::remove(under_way_.begin(), under_way_.end(), presented), under_way_.end());
  const bool good =
      !reply.failure && verify_signature(minter_->holder_key(), draft.signing_input, reply.signature).ok();
  if (!good) {
    minter_ = std::nullopt;  // until the next lease
    ++key_failures_;
    key_failed_(reply.at);
    return;
  }
  key_failures_ = 0;
  LiveCode code{.symbol = {}, .text = minter_->finish(draft, reply.signature), .presented = presented};
  auto symbol = qr_encode(code.text, QrLevel::low);
  if (!symbol) return;  // more than the largest symbol holds: no lease of ours is that long
  code.symbol = std::move(symbol).value();
  ready_.push_back(std::move(code));
}

const LiveCode* LiveCodes::code_at(std::int64_t authority_now) const {
  const UnixTime present = slot_of(authority_now);
  for (const LiveCode& code : ready_) {
    if (code.presented == present) return &code;
  }
  return nullptr;
}

std::int64_t LiveCodes::until_next_step(std::int64_t authority_now) const {
  const std::int64_t until_next = (slot_of(authority_now).seconds + kCodeSeconds) * 1000 - authority_now;
  return until_next > kPrepareAhead ? until_next - kPrepareAhead : until_next;
}

}  // namespace elicense
