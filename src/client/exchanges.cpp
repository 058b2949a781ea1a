#include "client/exchanges.h"

#include <algorithm>

namespace elicense {

void Exchanges::put(SessionEffect effect) {
  if (effects_.size() < kMostEffects) effects_.push_back(std::move(effect));
}

void Exchanges::make_key(Moment at, Flow flow, std::string slot, Continuation then) {
  const std::int64_t id = await(at, Kind::key, flow, std::move(then));
  put(MakeKeyEffect{.id = id, .slot = std::move(slot)});
}

void Exchanges::sign(Moment at, Flow flow, std::string_view slot, Bytes bytes, Continuation then) {
  const std::int64_t id = await(at, Kind::signature, flow, std::move(then));
  put(SignEffect{.id = id, .slot = std::string(slot), .bytes = std::move(bytes)});
}

void Exchanges::fetch(Moment at, Flow flow, FetchEffect request, Continuation then) {
  request.id = await(at, Kind::answer, flow, std::move(then));
  request.timeout = kRequestTimeout;
  put(std::move(request));
}

void Exchanges::listen(Moment at, Flow flow, ListenEffect request, Continuation then) {
  request.id = await(at, Kind::stream, flow, std::move(then));
  put(std::move(request));
}

std::int64_t Exchanges::await(Moment at, Kind kind, Flow flow, Continuation then) {
  ELICENSE_ASSERT(pending_.size() < kMostPending);
  pending_.push_back({.id = ++last_id_, .kind = kind, .flow = flow, .sent = at, .then = std::move(then)});
  return last_id_;
}

void Exchanges::cancel(Flow flow) {
  for (const Pending& pending : pending_) {
    const bool is_request = pending.kind == Kind::answer || pending.kind == Kind::stream;
    if (pending.flow == flow && is_request) put(AbortEffect{.id = pending.id});
  }
  pending_.erase(
      std::remove_if(pending_.begin(), pending_.end(), [flow](const Pending& pending) { return pending.flow == flow; }),
      pending_.end());
}

bool Exchanges::waits(Flow flow) const {
  return std::any_of(pending_.begin(), pending_.end(), [flow](const Pending& pending) { return pending.flow == flow; });
}

const Exchanges::Pending* Exchanges::find(std::int64_t id) const {
  const auto found =
      std::find_if(pending_.begin(), pending_.end(), [id](const Pending& pending) { return pending.id == id; });
  return found == pending_.end() ? nullptr : &*found;
}

void Exchanges::finish(const Pending& pending, Reply reply) {
  // Out of the list first: the continuation may ask for more, or give up its whole flow.
  const Continuation then = pending.then;
  reply.sent = pending.sent;
  const std::int64_t id = pending.id;
  pending_.erase(
      std::find_if(pending_.begin(), pending_.end(), [id](const Pending& waiting) { return waiting.id == id; }));
  then(reply);
}

void Exchanges::key_made(std::int64_t id, const PublicKey& key, Moment at) {
  const Pending* const pending = find(id);
  if (pending == nullptr || pending->kind != Kind::key) return;
  Reply reply;
  reply.at = at;
  reply.key = key;
  finish(*pending, std::move(reply));
}

void Exchanges::signature_made(std::int64_t id, const Signature& signature, Moment at) {
  const Pending* const pending = find(id);
  if (pending == nullptr || pending->kind != Kind::signature) return;
  Reply reply;
  reply.at = at;
  reply.signature = signature;
  finish(*pending, std::move(reply));
}

void Exchanges::answered(std::int64_t id, int status, std::optional<std::string> date, std::string body, Moment at) {
  const Pending* const pending = find(id);
  if (pending == nullptr || (pending->kind != Kind::answer && pending->kind != Kind::stream)) return;
  Reply reply;
  reply.at = at;
  reply.status = status;
  reply.date = std::move(date);
  reply.body = std::move(body);
  finish(*pending, std::move(reply));
}

void Exchanges::received(std::int64_t id, std::string_view text, Moment at) {
  const Pending* const pending = find(id);
  if (pending == nullptr || pending->kind != Kind::stream) return;
  Reply reply;
  reply.sent = pending->sent;
  reply.at = at;
  reply.status = 200;
  reply.body = text;
  const Continuation then = pending->then;
  then(reply);
}

void Exchanges::failed(std::int64_t id, FailureCause cause, Moment at) {
  const Pending* const pending = find(id);
  if (pending == nullptr) return;
  Reply reply;
  reply.at = at;
  reply.failure = cause;
  finish(*pending, std::move(reply));
}

}  // namespace elicense
